"""What the acts say, in the reader's language: what was done, what is wrong, and what somebody else did meanwhile."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import request

from resign.acting.seen import Change
from resign.console import wording
from resign.console.access import mine
from resign.console.desk import desk
from resign.console.spoken import mark, moment, say
from resign.console.themes.part import Faults as Said
from resign.console.themes.part import Said as Fault
from resign.ledger.decision import END_OF_A_BREAK

_MINUTE, _HOUR = 60, 3600

CHANNELS = {
    "phone": mark("by phone"),
    "letter": mark("by letter"),
    "e-mail": mark("by e-mail"),
    "in-person": mark("in person"),
}
_SAID = {
    "opted-out": mark("Recorded: this person is out. Synerise is being told."),
    "opted-out-too": mark(
        "Recorded: this person is out. Somebody was here meanwhile, which changes nothing: see what happened below."
    ),
    "opted-in": mark("Recorded: this person is in again. Synerise is being told."),
    "asked-to-confirm": mark("Recorded: Synerise is asked to send the mail by which the person opts in."),
    "told-again": mark("Synerise is being told again. What it answers appears below."),
    "sent-link": mark("Synerise is asked to send the mail with the link. What becomes of it appears below."),
}
_FAULTS = {
    "basis missing": mark("Say on what this rests: who asked, and what for."),
    "basis too-long": mark("This is too long: 1,000 characters at most."),
    "basis address": mark("This holds an e-mail address. Write without it: the record already says whom it is about."),
    "basis unreadable": mark("This holds a character that no text has. Type it anew."),
    "channel missing": mark("Choose how the person asked."),
    "asked_on missing": mark("Give the day on which the person asked."),
    "asked_on unreadable": mark("This is no day. Write it as 2026-05-04."),
    "asked_on future": mark("This day is still to come."),
    "asked_on long-ago": mark("This is more than ten years ago. Check the year."),
    "agreement is-in": mark("They are not out of this, so there is nothing to take back."),
    "agreement missing": mark("Choose what it is about."),
    "identifier unreadable": mark("This cannot be an address or an id of the kind that was chosen. Check both."),
    "why missing": mark("Choose why."),
    "why not-ours": mark(
        "This cannot be mended as our mistake: part of it the person decided themselves, or it was more than a day ago."
    ),
}  # fmt: skip
_CHANGES = {
    "opt-out staff": mark("%(who)s opted this person out (%(what)s), %(when)s."),
    "opt-in staff": mark("%(who)s opted this person in (%(what)s), %(when)s."),
    "opt-out person": mark("The person opted out themselves (%(what)s), %(when)s."),
    "opt-in person": mark("The person opted in themselves (%(what)s), %(when)s."),
    "opt-out other": mark("This person was opted out %(how)s (%(what)s), %(when)s."),
    "opt-in other": mark("This person was opted in %(how)s (%(what)s), %(when)s."),
    "request": mark("It was asked that this person be let in (%(what)s), %(when)s."),
    "withdrawn": mark("Asking that this person be let in was taken back (%(what)s), %(when)s."),
    "break over": mark("A break was over, and the person is in again (%(what)s), %(when)s."),
    "told-again": mark("%(who)s had Synerise told again, %(when)s."),
    "sent-link": mark("%(who)s had a link sent, %(when)s."),
    "asked-to-confirm": mark("%(who)s had the mail to confirm sent (%(what)s), %(when)s."),
    "delivery": mark("What Synerise was told or answered has changed."),
}


def said() -> str:
    """What the page that somebody is led back to says first; nothing for whatever else stands in the address."""
    return say(_SAID[code]) if (code := request.args.get("said", "")) in _SAID else ""


def workspaces() -> tuple[str, ...]:
    """Those in which whoever looks may act for people."""
    return mine("support")


def channels() -> list[tuple[str, str]]:
    return [(name, say(words)) for name, words in CHANNELS.items()]


def faults(found: Mapping[str, str]) -> Said:
    """At each field its fault."""
    return {field: [Fault(text=say(_FAULTS[f"{field} {fault}"]))] for field, fault in found.items()}


def changes(workspace: str, found: Iterable[Change]) -> list[str]:
    return [_change(workspace, each) for each in found]


def _change(workspace: str, change: Change) -> str:
    what = wording.agreement(workspace, change.agreement) if change.agreement else ""
    values = {"who": change.who, "what": what, "when": ago(change.at), "how": wording.method(change.method)}
    return say(_CHANGES[_kind(change)], **values)


def _kind(change: Change) -> str:
    if not change.method:
        return change.what
    if change.what in {"request", "withdrawn"}:
        return change.what
    if change.who == END_OF_A_BREAK:
        return "break over"
    by = "staff" if change.method == "staff" else "person" if change.who == "person" else "other"
    return f"{change.what} {'other' if change.method == 'synerise' else by}"


def ago(at: datetime) -> str:
    seconds = (desk().clock.now() - at).total_seconds()
    if seconds < _MINUTE:
        return say(mark("just now"))
    if seconds < 2 * _MINUTE:
        return say(mark("a minute ago"))
    if seconds < _HOUR:
        return say(mark("%(count)s min ago"), count=int(seconds // _MINUTE))
    return moment(at)
