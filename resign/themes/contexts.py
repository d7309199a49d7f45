"""What each public page is filled with: the reference for template authors, and the contract with the views.

Every field is text. It is escaped when it is filled in, so it is given raw.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

PageName = Literal[
    "optout",
    "done",
    "out-confirmed",
    "out-confirmed-undo",
    "out-telling",
    "out-telling-undo",
    "out-unknown",
    "out-unknown-undo",
    "out-delayed",
    "out-delayed-undo",
    "undone",
    "undo-late",
    "lost-link",
    "lost-link-wrong",
    "lost-link-sent",
    "lost-link-many",
    "bad-link",
    "not-found",
    "method",
    "too-large",
    "too-many",
    "trouble",
    "trouble-press",
    "trouble-undo",
    "error",
]
PAGE_NAMES: tuple[PageName, ...] = get_args(PageName)


def value(meaning: str) -> Any:  # noqa: ANN401 - a dataclass field stands for whatever its annotation says
    return field(metadata={"help": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What all of them are; alone, nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked(Context):
    """Pages that were reached by a working link, and so can be asked for in another language."""

    link: str = value("path of the person's link, `/u/<token>`, without a query")
    query: str = value(
        "more of the link's query, percent-encoded, each part led by `&`: `&c=spring`; may be empty"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking(Linked):
    """The person is in, and has opened their link."""

    masked: str = value("the profile, masked: `a•••@example.com`")
    action: str = value("path that the opt-out is posted to, query included")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(Linked):
    """Pages that tell of a decision."""

    masked: str = value("the profile, masked: `a•••@example.com`")
    recorded_at: str = value("when the decision was recorded, as the language says it")
    reference: str = value("the decision's short reference, as it is read out to support")
    record: str = value("path of the record as a text file to keep")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Recorded):
    """The person has just pressed, and it is on durable storage."""

    undo: str = value("path that the undo is posted to, query included")


@dataclass(frozen=True, slots=True, kw_only=True)
class Out(Recorded):
    """The person was out already when they opened their link."""

    action: str = value("path that the opt-out is posted to, query included")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutUndo(Out):
    """The person was out already, and the undo is still possible."""

    undo: str = value("path that the undo is posted to, query included")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutConfirmed(Out):
    """The person was out already, and Synerise has confirmed it."""

    confirmed_at: str = value("when reading the profile back showed it, as the language says it")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutConfirmedUndo(OutConfirmed):
    """The person was out already, Synerise has confirmed it, and the undo is still possible."""

    undo: str = value("path that the undo is posted to, query included")


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone(Recorded):
    """The person has just undone their opt-out; the record is of the undo."""

    action: str = value("path that the opt-out is posted to, query included")


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoLate(Recorded):
    """The undo is no longer possible; the record is of the opt-out that stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LostLink(Context):
    """Somebody asks for a link, and nothing is known of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LostLinkWrong(LostLink):
    """What was typed as an address is none."""

    email: str = value("what was typed, to be mended")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(Context):
    """Something is in the way, and nothing is known of the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TroublePress(Linked):
    """The opt-out could not be recorded; the link is known to be good."""

    action: str = value("path that the opt-out is posted to, query included")


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleUndo(Linked):
    """The undo could not be recorded; the link is known to be good."""

    undo: str = value("path that the undo is posted to, query included")


CONTEXTS: Mapping[PageName, type[Context]] = {
    "optout": Asking,
    "done": Done,
    "out-confirmed": OutConfirmed,
    "out-confirmed-undo": OutConfirmedUndo,
    "out-telling": Out,
    "out-telling-undo": OutUndo,
    "out-unknown": Out,
    "out-unknown-undo": OutUndo,
    "out-delayed": Out,
    "out-delayed-undo": OutUndo,
    "undone": Undone,
    "undo-late": UndoLate,
    "lost-link": LostLink,
    "lost-link-wrong": LostLinkWrong,
    "lost-link-sent": LostLink,
    "lost-link-many": Problem,
    "bad-link": Problem,
    "not-found": Problem,
    "method": Problem,
    "too-large": Problem,
    "too-many": Problem,
    "trouble": Problem,
    "trouble-press": TroublePress,
    "trouble-undo": TroubleUndo,
    "error": Problem,
}
