"""The forms that decide: those of the shipped page, in its order, each with what it sends and a labelled button."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from resign.themes.checks.shown import Shown, seen
from resign.themes.checks.written import written
from resign.themes.fault import Fault
from resign.themes.templates import template_of
from resign.themes.tree import Element

_CONTROLS = ("input", "textarea", "button")
_NAMES = {
    "{{action}}": "that opts out",
    "{{undo}}": "that undoes it",
    "{{reason}}": "that asks why",
    "{{pause}}": "that asks for a break",
    "/u/": "that asks for a link",
}

# What decides for somebody says what the shipped page says there, or what `texts/` has in its place.
_DECIDES = {"{{action}}", "{{undo}}"}
_WORDS = (
    "Stop these emails",
    "Stop these emails again",
    "Stop everything",
    "Save my choices",
    "Yes, send me these",
    "This was a mistake: keep sending me emails",
)
_CALLED = {"aria-label", "aria-labelledby"}
# Signs that turn what is written around.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CHOICES = {"on": "Yes, send me these", "off": "No, do not send me these"}
# Pressed or followed; a form stands for all that is in it.
_PRESSED = ("form", "a", "button", "summary")

_Sent = tuple[str, str, str, bool, str]


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
    inside = {id(button) for form in theirs for button in form.all("button")}
    if any(id(button) not in inside for button in shown.tree.all("button")):
        yield shown.fault("a button stands outside every form, and does nothing", "Take it out.", "<button")
    yield from _choices(shown)
    yield from _first(shown)


def _other_forms(shown: Shown, wanted: list[str], there: list[str]) -> Fault:
    missing = next((action for action in wanted if there.count(action) < wanted.count(action)), None)
    if missing is not None:
        what = f"the form {_named(missing)} is missing"
        code = written(template_of(shown.page.name)[0], missing)
        written_as = code or f'<form method="post" action="{_source(missing)}">'
        return shown.fault(what, f"Write it as the shipped page does: {written_as}.", "block content")
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
    # Counters: one field too many is a field too many.
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
    submitting = [button for button in buttons if button.attributes.get("type", "submit").lower() == "submit"]
    if not submitting:
        yield shown.fault(f"{named} has no button", 'Write <button type="submit">.', snippet, "<form")
    elif len(submitting) != len(buttons):
        yield shown.fault(
            f"a button of {named} sends nothing", 'Write <button type="submit">, or take it out.', "<button"
        )
    if not all(
        seen(button) or any(image.attributes.get("alt") for image in button.all("img")) for button in buttons
    ):
        yield shown.fault(f"a button of {named} says nothing", "Write on it what it does.", "<button")
    elif any(_CALLED & {*button.attributes} for button in buttons):
        yield shown.fault(
            f"a button of {named} is called otherwise than what stands on it",
            "Take aria-label and aria-labelledby away: its words are its name.",
            "<button",
        )
    elif (
        len(submitting) == len(buttons) and action in _DECIDES and (said := _other_words(shown, our, buttons))
    ):
        yield shown.fault(
            f"the button of {named} says “{said[0][:60]}” and not “{said[1][:60]}”",
            "Write the shipped text, and say it otherwise in texts/: there it is translated.",
            f">{said[0]}<",
            "<button",
        )


def _other_words(shown: Shown, our: Element, buttons: Sequence[Element]) -> tuple[str, str] | None:
    """What a button says and what it should, where these differ: the words of the shipped page or of `texts/`."""
    ours = {seen(button) for button in our.all("button")}
    wanted = [
        shown.words(message)
        for message in _WORDS
        if " ".join(html.unescape(shown.catalogues.gettext(shown.shipped.language, message)).split()) in ours
    ]
    for button in buttons:
        if (said := seen(button)) not in wanted or _TURNING.search(said):
            return said, wanted[0] if wanted else ""
    return None


def _choices(shown: Shown) -> Iterator[Fault]:
    """Beside each choice stand the words that mean it, and pressing them chooses it."""
    labels = [*shown.tree.all("label")]
    named = Counter(each for element in _everything(shown) if (each := element.attributes.get("id")))
    said = {value: shown.words(message) for value, message in _CHOICES.items()}
    shipped = {
        shown.catalogues.gettext(shown.page.language, message): value for value, message in _CHOICES.items()
    }
    if any(shipped.get(text, value) != value for value, text in said.items()) or said["on"] == said["off"]:
        yield shown.fault(
            "yes and no are called by each other's name", "Mend the two texts.", *_CHOICES.values()
        )
    for radio in shown.tree.all("input"):
        if radio.attributes.get("type") != "radio":
            continue
        own, value = radio.attributes.get("id", ""), radio.attributes.get("value", "")
        beside = [label for label in labels if own and label.attributes.get("for") == own]
        if (
            len(beside) != 1
            or named[own] != 1
            or seen(beside[0]) != said.get(value)
            or _CALLED & {*radio.attributes, *beside[0].attributes}
            or any(True for label in labels for _ in label.all("input", "label"))
        ):
            yield shown.fault(
                f"the choice `{value}` is not labelled as on the shipped page",
                "Give each one label: its `for` is the choice's id, its words those of the shipped page or of your texts.",
                f'value="{value}"',
                "<label",
            )
            return


def _everything(shown: Shown) -> Iterator[Element]:
    waiting = [shown.tree]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += [child for child in each.content if isinstance(child, Element)]


def _first(shown: Shown) -> Iterator[Fault]:
    """Where the shipped page's first thing to press is the opt-out, so is the theme's, languages and sender aside."""
    main = next(shown.shipped_tree.all("main"))
    ours = next(main.all("form", "a", "button"), None)
    if ours is None or ours.tag != "form" or _action(ours) != "{{action}}":
        return
    inside = {id(each) for each in shown.main.all(*_PRESSED)}
    first = next(
        (each for each in shown.tree.all(*_PRESSED) if id(each) in inside or not _is_harmless(shown, each)),
        None,
    )
    if first is None or first.tag != "form" or _action(first) != "{{action}}":
        said = first.text[:60] if first else ""
        yield shown.fault(
            f"something stands before the button that opts out: “{said}”",
            "Move it below: stopping comes first.",
            said,
            f"<{first.tag}" if first else "",
            same="something stands before",
        )


def _is_harmless(shown: Shown, element: Element) -> bool:
    """A way to another language or to the sender, called what it is; or what unfolds languages, and says no more."""
    if element.tag == "summary":
        said = element.text
        for known in (shown.catalogues.name(shown.page.language), shown.words("Language")):
            said = said.replace(known, "")
        return re.search(r"\w", said) is None
    if element.tag != "a":
        return False
    if shown.language_of(element):
        return True
    sender = shown.brand.sender
    names = {" ".join(each.split()) for each in (sender.name, sender.shown, shown.theme.logo_alt)}
    return element.attributes.get("href") == sender.href and element.text in names - {""}


def _sent(form: Element, language: str) -> Counter[_Sent]:
    """What pressing sends: kind, name, value, whether it must be filled in, and for whom it is chosen already."""
    found: Counter[_Sent] = Counter()
    for control in form.all(*_CONTROLS):
        name, value = control.attributes.get("name", ""), control.attributes.get("value", "")
        if control.tag == "button" and not name:
            continue
        kind = control.attributes.get("type", "") if control.tag == "input" else control.tag
        # The one value that is another in every language.
        value = "l" if name == "l" and value == language else value
        # A marker in the place of an attribute is read as one: `{{to.wine` with the value `on}}`.
        chosen = "".join(f"{key}={said}" for key, said in control.attributes.items() if key.startswith("{{"))
        found[kind, name, value, "required" in control.attributes, chosen] += 1
    return found


def _action(form: Element) -> str:
    return form.attributes.get("action", "")


def _named(action: str) -> str:
    return _NAMES.get(action, f"to `{action}`" if action else "without an action")


def _source(action: str) -> str:
    return action.replace("{{", "{{ ").replace("}}", " }}")
