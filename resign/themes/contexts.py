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
    "paused",
    "rest-confirmed",
    "rest-confirmed-undo",
    "rest-telling",
    "rest-telling-undo",
    "rest-unknown",
    "rest-unknown-undo",
    "rest-delayed",
    "rest-delayed-undo",
    "undone",
    "undo-late",
    "reason-kept",
    "reason-wrong",
    "reason-late",
    "preferences",
    "preferences-trouble",
    "preferences-saved",
    "preferences-asked",
    "preferences-same",
    "stopped",
    "confirm",
    "confirmed",
    "confirm-late",
    "lost-link",
    "lost-link-wrong",
    "lost-link-sent",
    "lost-link-many",
    "bad-link",
    "other-sender",
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
    pause: str = value("path that a break is posted to, query included")
    centre: str = value("path of the preference centre, without a query")


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
    reason: str = value("path that a reason is posted to, query included")
    centre: str = value("path of the preference centre, without a query")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(Recorded):
    """The person has just asked for a break, and it is on durable storage."""

    until: str = value("the day on which the emails begin again, as the language says it")
    action: str = value("path that the opt-out is posted to, query included")
    undo: str = value("path that the undo is posted to, query included")


@dataclass(frozen=True, slots=True, kw_only=True)
class Out(Recorded):
    """The person was out already when they opened their link."""

    action: str = value("path that the opt-out is posted to, query included")
    centre: str = value("path of the preference centre, without a query")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutUndo(Out):
    """The person was out already, and the undo is still possible."""

    undo: str = value("path that the undo is posted to, query included")
    reason: str = value("path that a reason is posted to, query included")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutConfirmed(Out):
    """The person was out already, and Synerise has confirmed it."""

    confirmed_at: str = value("when reading the profile back showed it, as the language says it")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutConfirmedUndo(OutConfirmed):
    """The person was out already, Synerise has confirmed it, and the undo is still possible."""

    undo: str = value("path that the undo is posted to, query included")
    reason: str = value("path that a reason is posted to, query included")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest(Out):
    """The person is on a break."""

    until: str = value("the day on which the emails begin again, as the language says it")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestUndo(Rest):
    """The person is on a break, and the undo is still possible."""

    undo: str = value("path that the undo is posted to, query included")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestConfirmed(Rest):
    """The person is on a break, and Synerise has confirmed it."""

    confirmed_at: str = value("when reading the profile back showed it, as the language says it")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestConfirmedUndo(RestConfirmed):
    """The person is on a break, Synerise has confirmed it, and the undo is still possible."""

    undo: str = value("path that the undo is posted to, query included")


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone(Recorded):
    """The person has just undone their opt-out; the record is of the undo."""

    action: str = value("path that the opt-out is posted to, query included")


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoLate(Recorded):
    """The undo is no longer possible; the record is of the opt-out that stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonGiven(Linked):
    """The person answered why, or tried to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonWrong(Linked):
    """What the person wrote is too long to keep."""

    reason: str = value("path that a reason is posted to, query included")
    typed: str = value("what was typed, to be shortened")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences(Linked):
    """The preference centre. `link` is its own path, `/p/<token>`."""

    masked: str = value("the profile, masked: `a•••@example.com`")
    action: str = value("path that the choices are posted to, query included")
    was: Mapping[str, str] = value(
        "by agreement, how it stood when the page was shown, in a word that the form sends back: `on`, `off`, or nothing "
        "where it is not known, and behind it what stood beside, `~asked` or `~2027-02-01`; as `agreement.was`"
    )
    to: Mapping[str, str] = value(
        "by agreement, which of its two choices is marked; as the attributes `agreement.on` and `agreement.off`"
    )
    now: Mapping[str, str] = value(
        "by agreement, what neither choice says, in words: on a break until a day, or waiting to be confirmed; mostly "
        "nothing; as `agreement.now`"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesSaved(Recorded):
    """Choices were made, and are on durable storage. `link` is the preference centre's path."""

    now: Mapping[str, str] = value("by agreement, how it stands from now on, in words; as `agreement.now`")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesAsked(Linked):
    """All that was chosen waits to be confirmed by e-mail. `link` is the preference centre's path."""

    masked: str = value("the profile, masked: `a•••@example.com`")
    now: Mapping[str, str] = value("by agreement, how it stands, in words; as `agreement.now`")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesSame(Linked):
    """The choices were sent as they stood. `link` is the preference centre's path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped(Recorded):
    """Everything was stopped at once. `link` is the preference centre's path."""

    undo: str = value("path that the undo is posted to, query included")
    reason: str = value("path that a reason is posted to, query included")


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Linked):
    """The person opened the link that completes a double opt-in."""

    masked: str = value("the profile, masked: `a•••@example.com`")
    agreement: str = value("what is confirmed, in words")
    action: str = value("path that the confirmation is posted to, query included")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedIn(Recorded):
    """The double opt-in is complete."""

    agreement: str = value("what was confirmed, in words")
    centre: str = value("path of the preference centre, without a query")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmLate(Linked):
    """The confirmation came too late, or after an opt-out."""

    centre: str = value("path of the preference centre, without a query")


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSender(Context):
    """A good link was opened under another brand's address."""

    elsewhere: str = value("the link at its own address")


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
    "paused": Paused,
    "rest-confirmed": RestConfirmed,
    "rest-confirmed-undo": RestConfirmedUndo,
    "rest-telling": Rest,
    "rest-telling-undo": RestUndo,
    "rest-unknown": Rest,
    "rest-unknown-undo": RestUndo,
    "rest-delayed": Rest,
    "rest-delayed-undo": RestUndo,
    "undone": Undone,
    "undo-late": UndoLate,
    "reason-kept": ReasonGiven,
    "reason-wrong": ReasonWrong,
    "reason-late": ReasonGiven,
    "preferences": Preferences,
    "preferences-trouble": Preferences,
    "preferences-saved": PreferencesSaved,
    "preferences-asked": PreferencesAsked,
    "preferences-same": PreferencesSame,
    "stopped": Stopped,
    "confirm": Confirm,
    "confirmed": ConfirmedIn,
    "confirm-late": ConfirmLate,
    "lost-link": LostLink,
    "lost-link-wrong": LostLinkWrong,
    "lost-link-sent": LostLink,
    "lost-link-many": Problem,
    "bad-link": Problem,
    "other-sender": OtherSender,
    "not-found": Problem,
    "method": Problem,
    "too-large": Problem,
    "too-many": Problem,
    "trouble": Problem,
    "trouble-press": TroublePress,
    "trouble-undo": TroubleUndo,
    "error": Problem,
}
