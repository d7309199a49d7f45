"""Tries a name and a password: for the sign-in, and again before somebody changes what they sign in with."""

import threading

from flask import request

from resign.console.desk import desk
from resign.console.door.network import network
from resign.console.recognised import who
from resign.staff import sign_in
from resign.staff.sign_in import Passed, Refused

# Each comparison takes 64 MB for as long as it lasts.
_AT_ONCE = threading.BoundedSemaphore(2)


def tried(name: str, password: str) -> Passed | Refused:
    """Two short transactions; between them, where no writer waits, the slow comparison."""
    here = desk()
    now = here.clock.now()
    if seconds := here.sign_ins.wait(request.remote_addr, now):
        return Refused(seconds)
    with here.database.writing() as session:
        attempt = sign_in.begin(session, name, now, network())
        session.commit()
    if isinstance(attempt, Refused):
        return attempt
    with _AT_ONCE:
        right = attempt.is_right(password)
    with here.database.writing() as session:
        said = sign_in.settle(session, attempt, password, now, right=right, second_factor=here.second_factor)
        session.commit()
    return said


def is_theirs() -> bool:
    """Whether the form's `password` is that of whoever is signed in."""
    return isinstance(tried(who().name, request.form.get("password", "")), Passed)
