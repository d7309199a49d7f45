"""How a person stands now, one sentence for each agreement."""

from dataclasses import dataclass

from resign.console import wording
from resign.console.person import tried
from resign.console.person.left import time_left
from resign.console.spoken import mark, moment, say
from resign.timeline.now import Stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`clock` where it is an opt-out that is not known everywhere; `late` where its 48 hours have run out."""

    agreement: str
    whose: str
    choice: str
    sentence: str
    reference: str
    clock: str = ""
    late: bool = False


def line(stands: Stands, workspace: str) -> Line:
    return Line(
        agreement=wording.agreement(workspace, stands.agreement), whose=stands.identity.masked,
        choice=stands.choice, sentence=" ".join(_parts(stands)), reference=stands.reference,
        clock=time_left(stands.hours_left) if stands.hours_left is not None else "",
        late=(stands.hours_left or 0) < 0,
    )  # fmt: skip


def _parts(stands: Stands) -> list[str]:
    since = {"since": moment(stands.since)}
    if stands.choice == "opt-in":
        parts = [say(mark("In since %(since)s."), **since)]
    elif stands.choice == "request":
        parts = [
            say(
                mark("Asked to be let in %(since)s, and not confirmed: nobody may be mailed for that."),
                **since,
            )
        ]
    elif stands.until is not None:
        until = moment(stands.until)
        parts = [say(mark("On a break since %(since)s, until %(until)s."), until=until, **since)]
    else:
        parts = [say(mark("Out since %(since)s."), **since)]
    if stands.at != stands.since:
        parts.append(say(mark("Said again %(at)s."), at=moment(stands.at)))
    if stands.overruled:
        parts.append(say(mark("Everything was stopped after that.")))
    if stands.lifted:
        parts.append(say(mark("Some of it was switched on again after that.")))
    return parts + _told(stands)


def _told(stands: Stands) -> list[str]:
    if stands.waits:
        return [say(mark("Recorded; nobody was told yet."))]
    if stands.method == "synerise" and not stands.deliveries:
        return [say(mark("It was done at Synerise."))]
    return [tried.stands(each, stands.at) for each in stands.deliveries]
