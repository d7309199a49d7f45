"""Who may ask for a page. Every view declares it; what declares nothing is answered to nobody (E4)."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import current_app, g, request

from resign.console.desk import desk
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.staff.roles import EVERYWHERE, ROLES, Role, Staff

View = TypeVar("View", bound=Callable[..., Any])

ANYBODY = "anybody"
SIGNED_IN = "signed-in"
_DECLARED = "may_ask"


def anybody(view: View) -> View:
    """Also those who are not signed in: the sign-in itself, and the files that its page is made of."""
    return _declare(view, ANYBODY)


def signed_in(view: View) -> View:
    """Whoever is signed in, with any role or none."""
    return _declare(view, SIGNED_IN)


def may(*roles: Role) -> Callable[[View], View]:
    """Whoever has one of the roles: in the workspace that the address names, or in any where it names none."""
    return lambda view: _declare(view, frozenset(roles))


def declared(view: Callable[..., Any]) -> object:
    """What a view declares: ANYBODY, SIGNED_IN, or a set of roles; None where nothing is declared."""
    return getattr(view, _DECLARED, None)


def admit_staff() -> None:
    """Raises Problem where the view is not for whoever asks."""
    endpoint = request.endpoint
    if endpoint is None:  # no such address: the answer says so
        return
    asked = declared(current_app.view_functions[endpoint])
    if asked in {ANYBODY, SIGNED_IN}:
        return
    if not isinstance(asked, frozenset):
        raise Problem(403, mark("Nobody may see this page."))
    workspace = (request.view_args or {}).get("workspace")
    if workspace is None:
        allowed = who().may_somewhere(asked)
    else:
        if workspace not in desk().workspaces or not who().roles_in(workspace):
            raise Problem(404, mark("There is no page here."))
        allowed = who().may(asked, workspace)
    if not allowed:
        raise Problem(403, mark("Your roles do not include this page."))


def who() -> Staff:
    """Whoever is signed in."""
    if "staff" not in g:
        g.staff = Staff(id=0, name=desk().author, grants={EVERYWHERE: frozenset(ROLES)})
    return cast("Staff", g.staff)


def mine(*roles: Role) -> tuple[str, ...]:
    """The workspaces in which whoever is signed in has one of the roles."""
    return who().those(roles, tuple(desk().workspaces))


def _declare(view: View, asked: object) -> View:
    setattr(view, _DECLARED, asked)
    return view
