"""What a template is given: plain data that is known before anybody comes, and a marker for each of a person's values."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from resign.i18n import Catalogues
from resign.themes.brand import NEWSLETTER, Brand
from resign.themes.contexts import CONTEXTS, PageName, value
from resign.themes.page import DIGEST
from resign.themes.sender import MARKER_CLOSES, MARKER_OPENS, Sender

Word = Callable[[str, str], str]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What every template has, besides the fields of its page."""

    language: str = value("the page's language as its tag: `en`, `pt`")
    direction: str = value("`ltr` or `rtl`")
    own_name: str = value("the language's name in that language")
    languages: list[tuple[str, str, str]] = value("of every language its tag, its own name and its direction")
    linked: bool = value(
        "whether the page was reached by a working link, so that `link` and `query` are there"
    )
    sender: dict[str, str] | None = value(
        "`name`, `href` and `shown` (the contact) of who sends the mails; nothing where several could be meant"
    )
    senders: list[dict[str, str]] = value("all senders who could be meant, each like `sender`")
    agreements: list[dict[str, str]] = value(
        "what can be agreed to, the newsletter first: `name`, `title`, `help`, and the markers `was`, `on`, `off`, `now`; "
        "empty where the workspace has no agreements of its own"
    )
    double_opt_in: bool = value("whether an email asks to confirm what is switched on")
    pauses: list[int] = value("the breaks that are offered, in months")
    reasons: list[dict[str, str]] = value("the reasons that are offered: `code` and `text`")
    logo: str = value("the theme's logo as a `data:` address for `<img>`; empty where it has none")
    logo_alt: str = value("what the logo shows, in words; may be empty")


def given(
    name: PageName, language: str, brands: Sequence[Brand], catalogues: Catalogues, word: Word
) -> dict[str, Any]:
    """The values that page `name` is rendered with in `language`; several brands where no link says which."""
    fields = [DIGEST, *(field.name for field in dataclasses.fields(CONTEXTS[name]))]
    brand = brands[0] if len(brands) == 1 else None
    everywhere = Given(
        language=language,
        direction=catalogues.direction(language),
        own_name=catalogues.name(language),
        languages=[(tag, catalogues.name(tag), catalogues.direction(tag)) for tag in catalogues.languages],
        linked="link" in fields,
        sender=_sender(brand.sender) if brand else None,
        senders=[_sender(each.sender) for each in brands],
        agreements=_agreements(brand, language, word) if brand else [],
        double_opt_in=brand.double_opt_in if brand else False,
        pauses=list(brand.pauses) if brand else [],
        reasons=[
            {"code": code, "text": spoken(language) if spoken else word(language, code)}
            for code, spoken in brand.asked.items()
        ]
        if brand
        else [],
        logo="",
        logo_alt="",
    )
    return {**dataclasses.asdict(everywhere), **{field: marker(field) for field in fields}}


def marker(name: str) -> str:
    return f"{MARKER_OPENS}{name}{MARKER_CLOSES}"


def _sender(sender: Sender) -> dict[str, str]:
    return {"name": sender.name, "href": sender.href, "shown": sender.shown}


def _agreements(brand: Brand, language: str, word: Word) -> list[dict[str, str]]:
    if not brand.agreements:
        return []
    titles = [(NEWSLETTER, word(language, "newsletter"), word(language, "newsletter-help"))]
    titles += [(each.name, each.title(language), each.help(language)) for each in brand.agreements]
    return [
        {
            "name": name,
            "title": title,
            "help": text,
            "was": marker(f"was.{name}"),
            "on": marker(f"to.{name}=on"),
            "off": marker(f"to.{name}=off"),
            "now": marker(f"now.{name}"),
        }
        for name, title, text in titles
    ]
