"""What the deliveries page says in words: an alarm, the state of a lane and its remedy."""

from dataclasses import dataclass
from typing import Literal

from resign.alarms.alarm import Alarm
from resign.console import wording
from resign.console.desk import desk
from resign.console.spoken import mark, say
from resign.outbox.tables import Lane, leads_to_synerise

ALARMS = {
    "late": mark("Opt-outs are waiting"),
    "elsewhere": mark("Another system is not told"),
    "waiting": mark("No worker takes up what was decided"),
    "silent": mark("No worker gives a sign of life"),
    "held": mark("A lane is held"),
    "stopped": mark("A lane is paused by hand"),
    "dead": mark("Messages were refused for good"),
    "unweighed": mark("Events from Synerise are not weighed"),
    "theme": mark("A published theme is not shown"),
    "unread": mark("The comparison with Synerise cannot read"),
}
REMEDIES = {
    "late": mark("They are kept and tried again by themselves. See below why. From an hour on, mails may still go to people who opted out: consider holding campaigns. From a day on, hold them: mailbox providers allow 48 hours in all."),
    "elsewhere": mark("Synerise is not concerned. It is kept and tried again by itself; after three days what a webhook did not take stands among what was refused. Of files nothing is given up. See below why. If it is another sender's, people who opted out may still be mailed from there."),
    "waiting": mark("They are safe in the ledger. Start a worker, or look at its log."),
    "silent": mark("Nothing is told while none runs. Start one, or look at its log."),
    "held": mark("Somebody must mend the key or the settings. See below what is refused."),
    "stopped": mark("It stays paused until somebody resumes it. See below by whom and why."),
    "dead": mark("Mend the cause that stands beside each of them, then send them again."),
    "unweighed": mark("Look at the worker's log. Up to a day is normal only where Synerise cannot be asked."),
    "theme": mark("Shipped pages stand in, and opt-outs work. The list of themes says what is wrong, and so does the log of the web processes."),
    "unread": mark("Look at the permissions of the key, and whether Synerise answers."),
}  # fmt: skip
LEVELS = {"notice": mark("notice"), "warning": mark("warning"), "critical": mark("critical")}
PHASES = {"tell": mark("Telling"), "read-back": mark("Reading back")}

State = Literal["open", "paused", "held", "stopped"]


@dataclass(frozen=True, slots=True)
class Shown:
    """One lane in words. `reason` is what the other side's adapter says, always in English."""

    name: str
    state: State
    stands: str
    remedy: str = ""
    reason: str = ""


def title(alarm: Alarm) -> str:
    return say(ALARMS[alarm.name])


def remedy(alarm: Alarm) -> str:
    return say(REMEDIES[alarm.name])


def level(alarm: Alarm) -> str:
    return say(LEVELS[alarm.level])


def is_read_back(destination: str) -> bool:
    """The ways to Synerise; what other systems took is told, and nobody can look."""
    return leads_to_synerise(destination)


def is_named(workspace: str, destination: str) -> bool:
    """Whether the settings still have it."""
    return destination in desk().destinations.get(workspace, ())


def lane(phase: str, row: Lane | None) -> Shown:
    name = say(PHASES[phase])
    if row is None or (row.paused_until is None and row.stopped_at is None):
        return Shown(name, "open", say(mark("open")))
    if row.stopped_at is not None:
        return Shown(
            name, "stopped",
            say(mark("paused by hand since %(since)s UTC by %(name)s"), since=wording.minute(row.stopped_at), name=row.stopped_by or "?"),
        )  # fmt: skip
    since = wording.minute(row.since) if row.since else "?"
    next_try = wording.second(row.paused_until) if row.paused_until else ""
    if row.held_for:
        return Shown(
            name, "held",
            say(mark("held since %(since)s UTC, because it refuses our key or our settings"), since=since),
            say(mark("Mend what the reason says; resign doctor checks it. The next try is at %(next)s, and goes on by itself where it succeeds."), next=next_try),
            row.held_for,
        )  # fmt: skip
    return Shown(
        name, "paused",
        say(mark("paused since %(since)s UTC, because it does not answer"), since=since),
        say(mark("There is nothing to do here: all is kept, and told when it answers. The next try is at %(next)s."), next=next_try),
    )  # fmt: skip
