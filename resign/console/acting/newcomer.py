"""Opting out somebody of whom nothing is recorded yet: by the identifier that they gave."""

from collections.abc import Mapping

from werkzeug.wrappers import Response as Answer

from resign.acting.opting_out import opt_out
from resign.console.access import may
from resign.console.acting import words
from resign.console.acting.edge import Unavailable, act_in, back, done, page
from resign.console.acting.opting_out import USUAL, offered, read
from resign.console.acting.typed import typed
from resign.console.guard import check_mark
from resign.console.search.places import asked_in_the_address
from resign.profile import KINDS, BadProfile, Profile

_USUAL = {**USUAL, "kind": "email", "identifier": ""}


@may("support")
def asks(workspace: str) -> Answer:
    return _page(workspace)


@may("support")
def does(workspace: str) -> Answer:
    check_mark()
    act, given = act_in(workspace), typed(**_USUAL)
    rests_on, wrong = read(workspace, given)
    try:
        profile = Profile.of(given["kind"], given["identifier"])
    except BadProfile:
        return _page(workspace, {**wrong, "identifier": "unreadable"}, status=422)
    if rests_on is None or wrong:
        return _page(workspace, wrong, status=422)
    try:
        done(lambda session: opt_out(session, act, profile, given["agreement"], rests_on))
    except Unavailable:
        return _page(workspace, status=503)
    return back(workspace, profile.digest(act.digest_key), "opted-out")


def _usual() -> Mapping[str, str]:
    """Of what was looked for in vain whatever can be an identifier. In the address it is sealed, as a search is."""
    query = asked_in_the_address().query
    if len(query.profiles) == 1:
        [profile] = query.profiles
        return {**_USUAL, "kind": profile.kind, "identifier": profile.value}
    if query.bare is not None:
        return {
            **_USUAL,
            "kind": "clientId" if query.bare.isdigit() else "customId",
            "identifier": query.bare,
        }
    return _USUAL


def _page(workspace: str, wrong: Mapping[str, str] | None = None, status: int = 200) -> Answer:
    return page(
        "newcomer", status, workspace=workspace, typed=typed(**_usual()), faults=words.faults(wrong or {}),
        offered=offered(workspace), kinds=KINDS,
    )  # fmt: skip
