"""What people call the pages and the templates, which have names for programs only."""

from resign.console.spoken import mark
from resign.themes.contexts import PAGE_NAMES, PageName

# By group, in the order in which a person may meet them.
PAGES: dict[str, dict[PageName, str]] = {
    mark("Leaving"): {
        "optout": mark("Asking: the button"),
        "done": mark("Done: just pressed"),
        "undone": mark("Undone: back in"),
        "undo-late": mark("Too late to undo"),
    },
    mark("Already out"): {
        "out-confirmed": mark("Out, and Synerise has confirmed it"),
        "out-confirmed-undo": mark("Out, confirmed, and it can be undone"),
        "out-telling": mark("Out, and Synerise is being told"),
        "out-telling-undo": mark("Out, being told, and it can be undone"),
        "out-delayed": mark("Out, but Synerise is not reached yet"),
        "out-delayed-undo": mark("Out, not reached yet, and it can be undone"),
        "out-unknown": mark("Out, and Synerise knows nobody of that address"),
        "out-unknown-undo": mark("Out, nobody of that address, and it can be undone"),
    },
    mark("A break"): {
        "paused": mark("A break: just asked for"),
        "rest-confirmed": mark("On a break, and Synerise has confirmed it"),
        "rest-confirmed-undo": mark("On a break, confirmed, and it can be undone"),
        "rest-telling": mark("On a break, and Synerise is being told"),
        "rest-telling-undo": mark("On a break, being told, and it can be undone"),
        "rest-delayed": mark("On a break, but Synerise is not reached yet"),
        "rest-delayed-undo": mark("On a break, not reached yet, and it can be undone"),
        "rest-unknown": mark("On a break, and Synerise knows nobody of that address"),
        "rest-unknown-undo": mark("On a break, nobody of that address, and it can be undone"),
    },
    mark("Reasons"): {
        "reason-kept": mark("A reason was given"),
        "reason-wrong": mark("A reason that is too long"),
        "reason-late": mark("A reason that came too late"),
    },
    mark("Preferences"): {
        "preferences": mark("Choosing what to keep"),
        "preferences-saved": mark("Choices are saved"),
        "preferences-asked": mark("Choices wait to be confirmed"),
        "preferences-same": mark("Nothing was changed"),
        "preferences-trouble": mark("Choices could not be saved"),
        "stopped": mark("Everything is stopped"),
        "confirm": mark("Confirming a choice from the email"),
        "confirmed": mark("A choice is confirmed"),
        "confirm-late": mark("Too late to confirm"),
    },
    mark("A lost link"): {
        "lost-link": mark("Asking for a link"),
        "lost-link-wrong": mark("What was typed is no address"),
        "lost-link-sent": mark("The link is on its way"),
        "lost-link-many": mark("Asked too often"),
    },
    mark("Something is wrong"): {
        "bad-link": mark("A link that cannot be read"),
        "other-sender": mark("A link of another sender"),
        "not-found": mark("No such page"),
        "method": mark("Asked in a wrong way"),
        "too-large": mark("Too much was sent"),
        "too-many": mark("Too many wrong links"),
        "trouble-press": mark("The opt-out could not be recorded"),
        "trouble-undo": mark("The undo could not be recorded"),
        "trouble": mark("Nothing can be recorded now"),
        "error": mark("A fault of ours"),
    },
}
SAMPLES = {
    "ordinary": mark("An ordinary person"),
    "long-name": mark("A very long address"),
    "no-name": mark("Hardly anything is known"),
    "right-to-left": mark("From right to left"),
}
WIDTHS = {
    "320": mark("Small phone, 320"),
    "390": mark("Phone, 390"),
    "1280": mark("Desktop, 1280"),
}
SCHEMES = {
    "device": mark("As on this device"),
    "light": mark("Light"),
    "dark": mark("Dark"),
}
_SHARED = {
    "layout.html": mark("Around every page: sender, heading, foot"),
    "fragments.html": mark("Pieces that pages share: buttons, forms, steps"),
    "problem.html": mark("Around every page where something is wrong"),
    "lost-link-form.html": mark("The form that asks for a link"),
    "out.html": mark("Already out, or on a break"),
}


def page_name(page: str) -> str:
    return next((names[page] for names in PAGES.values() if page in names), page)


def template_name(template: str) -> str:
    """In words; empty where nobody has found any."""
    page = template.removesuffix(".html")
    return _SHARED.get(template) or (page_name(page) if page in PAGE_NAMES else "")
