"""Who may ask for a page. Every view declares it; what declares nothing is answered to nobody (E4)."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request

from resign.console.desk import desk
from resign.console.problems import Problem, SignInFirst
from resign.console.recognised import recognised, who
from resign.console.spoken import mark
from resign.staff.roles import Role

__all__ = ["admit_staff", "anybody", "declared", "half_way", "may", "mine", "signed_in", "who"]

View = TypeVar("View", bound=Callable[..., Any])

ANYBODY = "anybody"
HALF_WAY = "half-way"
SIGNED_IN = "signed-in"
_DECLARED = "may_ask"


def anybody(view: View) -> View:
    """Also those who are not signed in: the sign-in itself, and the files that its page is made of."""
    return _declare(view, ANYBODY)


def half_way(view: View) -> View:
    """Whoever has given the password: what is still to come, and leaving."""
    return _declare(view, HALF_WAY)


def signed_in(view: View) -> View:
    """Whoever is signed in, with any role or none."""
    return _declare(view, SIGNED_IN)


def may(*roles: Role) -> Callable[[View], View]:
    """Whoever has one of the roles: in the workspace that the address names, or in any where it names none."""
    return lambda view: _declare(view, frozenset(roles))


def declared(view: Callable[..., Any]) -> object:
    """What a view declares: ANYBODY, HALF_WAY, SIGNED_IN, or a set of roles; None where nothing is declared."""
    return getattr(view, _DECLARED, None)


def admit_staff() -> None:
    """Raises SignInFirst where nobody is signed in, and Problem where the view is not for whoever asks."""
    endpoint = request.endpoint
    if endpoint is None:  # no such address: the answer says so
        return
    asked = declared(current_app.view_functions[endpoint])
    if asked == ANYBODY:
        return
    if asked not in {HALF_WAY, SIGNED_IN} and not isinstance(asked, frozenset):
        raise Problem(403, mark("Nobody may see this page."))
    found = recognised()
    if found is None or (found.level != "full" and asked != HALF_WAY):
        request.form  # noqa: B018 - what is too much is said before anything else is
        raise SignInFirst
    if isinstance(asked, frozenset):
        _admit(asked)


def _admit(roles: frozenset[Role]) -> None:
    workspace = (request.view_args or {}).get("workspace")
    if workspace is None:
        allowed = who().may_somewhere(roles)
    else:
        if workspace not in desk().workspaces or not who().roles_in(workspace):
            raise Problem(404, mark("There is no page here."))
        allowed = who().may(roles, workspace)
    if not allowed:
        raise Problem(403, mark("Your roles do not include this page."))


def mine(*roles: Role) -> tuple[str, ...]:
    """The workspaces in which whoever is signed in has one of the roles."""
    return who().those(roles, tuple(desk().workspaces))


def _declare(view: View, asked: object) -> View:
    setattr(view, _DECLARED, asked)
    return view
