"""The forms that decide: those of the shipped page, in its order, each with what it sends and a labelled button."""

from collections.abc import Iterator

from resign.themes.checks.shown import Shown
from resign.themes.fault import Fault
from resign.themes.tree import Element

_CONTROLS = ("input", "textarea", "button")
_NAMES = {
    "{{action}}": "that opts out",
    "{{undo}}": "that undoes it",
    "{{reason}}": "that asks why",
    "{{pause}}": "that asks for a break",
    "/u/": "that asks for a link",
}

_Sent = tuple[str, str, str, bool]


def faults(shown: Shown) -> Iterator[Fault]:
    ours, theirs = [*shown.shipped_tree.all("form")], [*shown.tree.all("form")]
    wanted, there = [_action(form) for form in ours], [_action(form) for form in theirs]
    if there != wanted:
        yield _other_forms(shown, wanted, there)
        return
    if {id(form) for form in theirs} != {id(form) for form in shown.main.all("form")}:
        yield shown.fault("a form stands outside <main>", "Put all forms into <main>.", "<form")
    for our, their in zip(ours, theirs, strict=True):
        yield from _form(shown, our, their)
    yield from _first(shown)


def _other_forms(shown: Shown, wanted: list[str], there: list[str]) -> Fault:
    missing = next((action for action in wanted if there.count(action) < wanted.count(action)), None)
    if missing is not None:
        what = f"the form {_named(missing)} is missing"
        return shown.fault(
            what, f'Write it as the shipped page does: <form method="post" action="{_source(missing)}">.'
        )
    surplus = next((action for action in there if there.count(action) > wanted.count(action)), None)
    if surplus is not None:
        what = f"there is a form {_named(surplus)} that the shipped page has not got"
        return shown.fault(what, "Take it out.", f'action="{_source(surplus)}"', "<form")
    order = ", then ".join(_named(action) for action in wanted)
    return shown.fault(
        "the forms are in another order than on the shipped page", f"First the one {order}.", "<form"
    )


def _form(shown: Shown, our: Element, their: Element) -> Iterator[Fault]:
    action = _action(our)
    named = f"the form {_named(action)}"
    snippet = f'action="{_source(action)}"'
    if their.attributes.get("method") != "post":
        yield shown.fault(f"{named} does not post", 'Write method="post".', snippet, "<form")
    wanted, there = _sent(our, shown.shipped.language), _sent(their, shown.page.language)
    if missing := sorted(wanted - there):
        yield shown.fault(
            f"{named} does not send `{missing[0][1]}` as the shipped one does",
            "Use its macro of fragments.html: the hidden fields are in it.",
            snippet,
            "<form",
        )
    elif surplus := sorted(there - wanted):
        yield shown.fault(
            f"{named} has a field `{surplus[0][1]}` that the shipped one has not got",
            "Take it out: one press must be enough.",
            f'name="{surplus[0][1]}"',
            snippet,
            "<form",
        )
    buttons = [*their.all("button")]
    if not any(button.attributes.get("type", "submit") == "submit" for button in buttons):
        yield shown.fault(f"{named} has no button", 'Write <button type="submit">.', snippet, "<form")
    if not all(
        button.text or any(image.attributes.get("alt") for image in button.all("img")) for button in buttons
    ):
        yield shown.fault(f"a button of {named} says nothing", "Write on it what it does.", "<button")


def _first(shown: Shown) -> Iterator[Fault]:
    """Where the shipped page's first thing to press is the opt-out, so is the theme's."""
    main = next(shown.shipped_tree.all("main"))
    ours = next(main.all("form", "a", "button"), None)
    if ours is None or ours.tag != "form" or _action(ours) != "{{action}}":
        return
    first = next(shown.main.all("form", "a", "button", "summary"), None)
    if first is None or first.tag != "form" or _action(first) != "{{action}}":
        said = first.text[:60] if first else ""
        yield shown.fault(
            f"something stands before the button that opts out: “{said}”",
            "Move it below: stopping comes first.",
            said,
            f"<{first.tag}" if first else "",
        )


def _sent(form: Element, language: str) -> set[_Sent]:
    """What pressing sends: kind, name, value, and whether it must be filled in."""
    found = set()
    for control in form.all(*_CONTROLS):
        name, value = control.attributes.get("name", ""), control.attributes.get("value", "")
        if control.tag == "button" and not name:
            continue
        kind = control.attributes.get("type", "") if control.tag == "input" else control.tag
        # The one value that is another in every language.
        value = "l" if name == "l" and value == language else value
        found.add((kind, name, value, "required" in control.attributes))
    return found


def _action(form: Element) -> str:
    return form.attributes.get("action", "")


def _named(action: str) -> str:
    return _NAMES.get(action, f"to `{action}`" if action else "without an action")


def _source(action: str) -> str:
    return action.replace("{{", "{{ ").replace("}}", " }}")
