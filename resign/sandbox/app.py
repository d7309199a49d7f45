"""Puts the pretend Synerise together: the API in front, and behind it the pages to look at it with."""

import time
from collections.abc import Callable

from flask import Flask

from resign.paths import templates
from resign.sandbox.control import board
from resign.sandbox.front import Front
from resign.sandbox.mailbox import box
from resign.sandbox.settings import SandboxSettings
from resign.sandbox.signing_up import confirming
from resign.sandbox.views import pages
from resign.sandbox.world import World


def create_sandbox(
    settings: SandboxSettings | None = None, *, clock: Callable[[], float] = time.time
) -> Flask:
    """One workspace in the memory of this process: run it with one worker process and several threads.

    A fault that is slow, or `answer_after`, keeps a thread waiting: give the server as many threads as there
    are calls at once. `clock` answers seconds since 1970.
    """
    app = Flask("resign.sandbox", template_folder=str(templates() / "sandbox"), static_folder=None)
    world = World(settings or SandboxSettings(), clock)
    app.extensions["sandbox"] = world
    app.register_blueprint(board)
    app.register_blueprint(pages)
    app.register_blueprint(box)
    app.register_blueprint(confirming)
    app.wsgi_app = Front(app.wsgi_app, world)  # type: ignore[method-assign]
    return app
