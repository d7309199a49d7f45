"""A page taken apart: its elements, its words, and its forms with their questions."""

from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "img"}
# The form that asks for an address, and the one that asks what it was: neither decides anything.
LOST, REASON = "/u/", "/reason"


class Form:
    """One form: its fields and buttons in their order, and by question (a fieldset) what stands in it."""

    def __init__(self, attributes: dict[str, str | None]) -> None:
        self.action = attributes.get("action") or ""
        self.hidden: list[str | None] = []
        self.shown: list[dict[str, str | None]] = []
        self.buttons: list[dict[str, str | None]] = []
        self.questions: list[Question] = []

    @property
    def is_reason(self) -> bool:
        return self.action.split("?")[0].endswith(REASON)


class Question:
    def __init__(self) -> None:
        self.legend = ""
        self.hidden: list[str | None] = []
        self.choices: list[tuple[str | None, str | None]] = []

    @property
    def is_sound(self) -> bool:
        """Words, how it stood, and the two choices of one name."""
        name = (self.hidden[0] or "").removeprefix("was.") if len(self.hidden) == 1 else ""
        return bool(self.legend.strip() and name) and self.choices == [
            (f"to.{name}", "on"),
            (f"to.{name}", "off"),
        ]


class Reading(HTMLParser):
    """One page, taken apart."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.text: dict[str, str] = {}
        self.forms: list[Form] = []
        self.loose: list[str] = []
        self.feed(page.decode())
        self.close()
        if self.open:
            self.faults.append(f"left open: {self.open}")

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        self._note(tag, dict(attrs))

    def _note(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "form":
            self.forms.append(Form(attributes))
        elif tag in {"input", "textarea", "button", "fieldset", "select", "option"}:
            if "form" not in self.open:
                self.loose.append(tag)
                return
            form = self.forms[-1]
            question = form.questions[-1] if "fieldset" in self.open and form.questions else None
            if tag == "fieldset":
                form.questions.append(Question())
            elif tag == "button":
                form.buttons.append(attributes)
            elif attributes.get("type") == "hidden":
                form.hidden.append(attributes.get("name"))
                if question:
                    question.hidden.append(attributes.get("name"))
            else:
                form.shown.append({**attributes, "tag": tag})
                if attributes.get("type") == "radio" and question:
                    question.choices.append((attributes.get("name"), attributes.get("value")))

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"{tag} closed out of turn")

    def handle_data(self, data):
        for tag in set(self.open):
            self.text[tag] = self.text.get(tag, "") + data
        if "legend" in self.open and self.forms and self.forms[-1].questions:
            self.forms[-1].questions[-1].legend += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]
