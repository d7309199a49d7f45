"""What the ledger's own words are called in the console, in the reader's language."""

from datetime import UTC, datetime

from resign.console.desk import desk
from resign.console.spoken import language, mark, say
from resign.ledger.decision import ALL

_CHOICES = {"opt-out": mark("out"), "opt-in": mark("in")}
_DECIDED = {
    "opt-out": mark("Out of %(what)s"),
    "opt-in": mark("In for %(what)s"),
    "request": mark("Asked for %(what)s, and has not confirmed it"),
    "withdrawn": mark("Asking for %(what)s was taken back"),
}
_METHODS = {
    "page": mark("on the page"),
    "one-click": mark("with the mail program's button"),
    "preferences": mark("in the preference centre"),
    "staff": mark("by staff"),
    "import": mark("by an import"),
    "api": mark("through the API"),
    "synerise": mark("at Synerise"),
}
_DELIVERIES = {
    "dead": mark("refused"),
    "telling": mark("on its way"),
    "confirmed": mark("confirmed"),
    "told": mark("told"),
    "superseded": mark("overtaken"),
    "none": mark("nobody to tell"),
}
_KINDS = {"email": mark("address"), "customId": "customId", "clientId": "clientId"}
_DESTINATIONS = {
    "synerise": "Synerise",
    "synerise-attributes": mark("Synerise, own agreements"),
    "synerise-sign-up": mark("Synerise, sign-up"),
}


def choice(name: str) -> str:
    return _said(_CHOICES, name)


def decided(workspace: str, choice: str, about: str) -> str:
    """`choice` as it is shown (`resign.ledger.requested`), `about` an agreement's name."""
    return say(_DECIDED[choice], what=agreement(workspace, about))


def method(name: str) -> str:
    return _said(_METHODS, name)


def delivery(name: str) -> str:
    """How far a decision has got at Synerise and wherever else it is owed."""
    return _said(_DELIVERIES, name)


def kind(name: str) -> str:
    return _said(_KINDS, name)


def destination(name: str) -> str:
    return _said(_DESTINATIONS, name)


def agreement(workspace: str, name: str) -> str:
    """As the workspace calls it: by its title in the reader's language, or in the workspace's, or by its name."""
    if name == "newsletter":
        return say(mark("newsletter"))
    if name == ALL:
        return say(mark("everything"))
    settings = desk().workspaces.get(workspace)
    of_it = next((each.title for each in settings.agreements if each.name == name), {}) if settings else {}
    tongues = (language(), settings.language if settings else "")
    return next((of_it[tongue] for tongue in tongues if tongue in of_it), name)


def tongue(tag: str) -> str:
    """A language by its own name."""
    return desk().catalogues.name(tag) if tag in desk().catalogues.languages else tag


def second(at: datetime) -> str:
    """To the second, as evidence is written: `2026-05-04 10:11:12 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def lasted(seconds: float) -> str:
    """`0.4 s`, `12 s`, `3 min`, `5 h`, `2 d`: as exact as anybody needs it."""
    if seconds < 10:  # noqa: PLR2004 - the units' borders, here and below
        return f"{max(seconds, 0):.1f} s"
    for size, unit, most in ((1, "s", 120), (60, "min", 7200), (3600, "h", 172_800)):
        if seconds < most:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86_400:.0f} d"


def _said(words: dict[str, str], name: str) -> str:
    return say(words[name]) if name in words else name
