"""Each entry of a story in words: a label, a sentence, and the facts behind it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from resign.console import wording
from resign.console.person import deeds, noticed, tried
from resign.console.person.left import time_left
from resign.console.spoken import mark, say
from resign.ledger.decision import END_OF_A_BREAK
from resign.timeline.entries import (
    Attempted,
    BreakEnded,
    Decided,
    Done,
    Entry,
    LinkAsked,
    LinkSettled,
    Noticed,
    Overtaken,
)

_TONES = {"opt-out": "out", "opt-in": "in"}
_BEFORE_AT = re.compile(r"[^\s@]{1,300}@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`tone` is how it looks: good, bad, or nothing. `shown`: the page of this decision can be looked at."""

    at: datetime
    digest: str
    label: str
    sentence: str
    tone: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    decision: UUID | None = None
    shown: bool = False
    extra: tuple[str, ...] = field(default=())


def told(entry: Entry, workspace: str) -> Told:
    return _BY_TYPE[type(entry)](entry, workspace)


def _decided(entry: Decided, workspace: str) -> Told:
    what = {"what": wording.agreement(workspace, entry.agreement)}
    if entry.is_undo:
        label, sentence = mark("Undo"), mark("Took the opt-out of %(what)s back.")
    elif entry.actor == END_OF_A_BREAK:
        label, sentence = mark("Back in"), mark("The break was over, so they are in for %(what)s again.")
    elif entry.until is not None:
        label, sentence = mark("Break"), mark("Took a break from %(what)s.")
    elif entry.choice == "request":
        label, sentence = (
            mark("Opt-in requested"),
            mark("Asked for %(what)s; nobody is in before it is confirmed."),
        )
    elif entry.choice == "withdrawn":
        label, sentence = mark("Request taken back"), mark("That %(what)s had been asked for was taken back.")
    elif entry.choice == "opt-out":
        label, sentence = mark("Opt-out"), mark("Opted out of %(what)s.")
    else:
        label, sentence = mark("Opt-in"), mark("Opted in for %(what)s.")
    return Told(
        at=entry.at, digest=entry.digest, label=say(label), sentence=say(sentence, **what),
        tone=_TONES.get(entry.choice, ""), facts=_facts(entry), decision=entry.id,
        shown=entry.shown is not None, extra=tuple(_extra(entry)),
    )  # fmt: skip


def _facts(entry: Decided) -> tuple[tuple[str, str], ...]:
    stood = (
        wording.choice(entry.prior) if entry.prior else say(mark("nothing known here, or not looked up yet"))
    )
    facts = [
        (say(mark("Reference")), entry.reference),
        (say(mark("How")), wording.method(entry.method)),
        (say(mark("By")), say(mark("the person")) if entry.actor == "person" else entry.actor),
        (say(mark("Came from")), entry.origin),
        (say(mark("Evidence")), _without_addresses(entry.evidence)),
        (say(mark("Campaign")), entry.campaign),
        (say(mark("Language")), wording.tongue(entry.language) if entry.language else None),
        (say(mark("Stood before")), stood),
        (say(mark("Page")), entry.page),
        (say(mark("Digest of the page's text")), entry.shown),
        (say(mark("Break until")), wording.second(entry.until) if entry.until else None),
        (say(mark("Reason")), entry.answer),
        (say(mark("In their words")), entry.words),
    ]
    return tuple((name, value) for name, value in facts if value)


def _without_addresses(evidence: str | None) -> str | None:
    """Another system's own words may name somebody; here nobody is named before they are opened."""
    return _BEFORE_AT.sub("•••@", evidence) if evidence else None


def _extra(entry: Decided) -> list[str]:
    lines = [tried.stands(each, entry.at, overtaken=entry.overtaken) for each in entry.deliveries]
    if entry.hours_left is not None:
        lines.append(time_left(entry.hours_left))
    return lines


def _attempted(entry: Attempted, _: str) -> Told:
    facts = [
        (say(mark("Answer")), entry.reason),
        (say(mark("Request id")), entry.request_id),
        (say(mark("Took")), f"{entry.milliseconds / 1000:.3f} s"),
    ]
    return Told(
        at=entry.at, digest=entry.digest, label=wording.destination(entry.destination),
        sentence=tried.sentence(entry), tone=tried.tone(entry),
        facts=tuple((name, value) for name, value in facts if value),
    )  # fmt: skip


def _overtaken(entry: Overtaken, _: str) -> Told:
    sentence = mark("A newer decision took the place of this one before it was known there.")
    return _plain(entry, wording.destination(entry.destination), say(sentence))


_ENDS = {
    "resumed": mark("The break was over: they are in again."),
    "overtaken": mark("The break came to nothing: something else was decided meanwhile."),
    "nameless": mark("The break was over, but the address had been deleted, so they stay out."),
}


def _break_ended(entry: BreakEnded, _: str) -> Told:
    return _plain(entry, say(mark("Break")), say(_ENDS[entry.outcome]))


def _link_asked(entry: LinkAsked, workspace: str) -> Told:
    if entry.agreement is None:
        return _plain(entry, say(mark("Link")), say(mark("Somebody asked for a new link to this address.")))
    what = wording.agreement(workspace, entry.agreement)
    return _plain(entry, say(mark("Link")), say(mark("A mail to confirm %(what)s was asked for."), what=what))


_SETTLED = {
    "sent": mark("The mail with the link was sent."),
    "unknown": mark("No mail was sent: Synerise does not know this address."),
    "lately": mark("No mail was sent: one had been sent within the hour."),
    "refused": mark("No mail was sent: Synerise refused it for good."),
    "gave-up": mark("No mail was sent: Synerise could not be reached for a day."),
}


def _link_settled(entry: LinkSettled, _: str) -> Told:
    sentence = say(_SETTLED[entry.verdict]) if entry.verdict in _SETTLED else entry.verdict
    return _plain(entry, say(mark("Link")), sentence, "good" if entry.verdict == "sent" else "")


def _noticed(entry: Noticed, _: str) -> Told:
    return Told(
        at=entry.at, digest=entry.digest, label=say(mark("Event at Synerise")), sentence=noticed.sentence(entry),
        tone="bad" if entry.verdict == "mailed-after" else "", facts=noticed.facts(entry),
    )  # fmt: skip


def _done(entry: Done, _: str) -> Told:
    return Told(
        at=entry.at, digest=entry.digest, label=say(mark("Staff")), sentence=deeds.sentence(entry),
        facts=deeds.facts(entry),
    )  # fmt: skip


def _plain(entry: Entry, label: str, sentence: str, tone: str = "") -> Told:
    return Told(at=entry.at, digest=entry.digest, label=label, sentence=sentence, tone=tone)


_BY_TYPE: dict[type[Entry], Callable[[Any, str], Told]] = {
    Decided: _decided,
    Attempted: _attempted,
    Overtaken: _overtaken,
    BreakEnded: _break_ended,
    LinkAsked: _link_asked,
    LinkSettled: _link_settled,
    Noticed: _noticed,
    Done: _done,
}
