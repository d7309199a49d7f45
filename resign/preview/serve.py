"""Serves the preview to this machine alone, until it is interrupted."""

from collections.abc import Callable

from flask import Flask
from werkzeug.serving import make_server


def serve(app: Flask, port: int, ready: Callable[[str], None]) -> None:
    """Port 0 takes any that is free. `ready` is told the address; OSError where the port is taken."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    ready(f"http://127.0.0.1:{server.port}/")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
