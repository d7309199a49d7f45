"""What a preference form says: per agreement how it stood on the page, and what was chosen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from resign.ledger import Choice
from resign.ledger.stops import ON
from resign.public.asked import MAIL_PROGRAMS, Body
from resign.themes.beside import checked, state

_STATES = {"on", "off"}


@dataclass(frozen=True, slots=True)
class Choices:
    """By agreement. Whatever else came in the form is as good as nothing.

    `was`: as `resign.themes.beside` writes it; `to`: `on`, `off`, or nothing.
    """

    stops: bool
    was: Mapping[str, str]
    to: Mapping[str, str]
    # What is decided at once, and what is asked to be confirmed by e-mail first.
    decided: Mapping[str, Choice]
    asked: tuple[str, ...]

    @property
    def are_nothing(self) -> bool:
        return not (self.stops or self.decided or self.asked)

    @property
    def refuses(self) -> bool:
        """Whether anything is said no to, by a choice for itself."""
        return not self.stops and "off" in self.to.values()

    def seen(self, on: Collection[str] = ()) -> str:
        """How each agreement stood on the page that the person saw; `on` are those that are on as we know ourselves."""
        return " ".join(
            f"{name}={state}{ON if name in on else ''}" for name, state in sorted(self.was.items())
        )


def is_understood(sent: Body) -> bool:
    """Whether it is known what was chosen. Nothing is a choice, too, but only in a form that says it is one of ours."""
    if sent.kind in MAIL_PROGRAMS:
        return True
    if sent.kind != "form" or sent.fields.get("stop", "all") != "all":
        return False
    return sent.page is not None or any(name == "stop" or name.startswith("to.") for name in sent.fields)


def read(sent: Body, agreements: Sequence[str], not_out: Collection[str], *, confirms: bool) -> Choices:
    """Only what differs from what was shown is a choice; a mail client's one click stops everything.

    `not_out` are those that the ledger holds no lasting opt-out of, though it knows them, and those that an email asks to
    confirm: a "no" to them is always one, however the page stood that it came from.
    """
    was = {name: checked(sent.fields.get(f"was.{name}")) for name in agreements}
    to = {name: _state(sent.fields.get(f"to.{name}")) for name in agreements}
    refused = {name for name in not_out if to.get(name) == "off"}
    changed = [name for name in agreements if (to[name] and to[name] != state(was[name])) or name in refused]
    on = [name for name in changed if to[name] == "on"]
    decided: dict[str, Choice] = {name: "opt-out" for name in changed if to[name] == "off"}
    if not confirms:
        decided |= dict.fromkeys(on, "opt-in")
    # No form of ours is multipart, and RFC 8058 §3.2 lets a mail client's be.
    stops = sent.kind in MAIL_PROGRAMS or sent.fields.get("stop") == "all"
    return Choices(stops, was, to, decided, tuple(on) if confirms and not stops else ())


def restored(agreements: Sequence[str], back: Sequence[str]) -> Choices:
    """What an undo comes to: these are on again, the others as they stand."""
    unseen = dict.fromkeys(agreements, "")
    return Choices(
        stops=False, was=unseen, to={**unseen, **dict.fromkeys(back, "on")},
        decided=dict.fromkeys(back, "opt-in"), asked=(),
    )  # fmt: skip


def _state(text: str | None) -> str:
    return text if text in _STATES else ""
