"""What every page holds to, read from its HTML; and bad pages that these rules must refuse."""

import gzip
import re

import pytest

from resign import paths
from resign.themes.contexts import CONTEXTS, PAGE_NAMES, Linked
from resign.themes.stylesheet import Stylesheet
from tests.themes.conftest import AGREEMENTS
from tests.themes.reading import LOST, Form, Reading

MOST_BYTES = 14 * 1024
PRESSED = {
    "optout": ["action", "pause"],
    "done": ["undo", "reason"],
    "paused": ["action", "undo"],
    "undone": ["action"],
    "reason-wrong": ["reason"],
    "preferences": ["action", "action"],
    "preferences-trouble": ["action", "action"],
    "stopped": ["undo", "reason"],
    "confirm": ["action"],
    "trouble-press": ["action"],
    "trouble-undo": ["undo"],
    "lost-link": ["lost"],
    "lost-link-wrong": ["lost"],
    "bad-link": ["lost"],
}
WHERE = {
    "lost": LOST,
    "action": "/u/AbC-123?c=spring",
    "undo": "/u/AbC-123/undo",
    "pause": "/u/AbC-123/pause?c=spring",
    "reason": "/u/AbC-123/reason?c=spring",
}
# What a form may send by its buttons: one press, one value.
BUTTONS = {"months", "reason", "stop"}


def faults(page: bytes) -> list[str]:
    read = Reading(page)
    return read.faults + [
        fault
        for fault, found in {
            "not one h1": len(read.all("h1")) != 1,
            "the title does not begin with the h1": not _plain(read, "title").startswith(_plain(read, "h1")),
            "no h1 text": not _plain(read, "h1"),
            "no language or direction": not {"lang", "dir"} <= set(read.all("html")[0])
            if read.all("html")
            else True,
            "no viewport": not any(meta.get("name") == "viewport" for meta in read.all("meta")),
            "zoom is held": any("maximum-scale" in (m.get("content") or "") for m in read.all("meta")),
            "may be indexed": {"name": "robots", "content": "noindex, nofollow"} not in read.all("meta"),
            "a script": bool(read.all("script")),
            "a style or event attribute": any(
                name == "style" or name.startswith("on") for _, tag in read.tags for name in tag
            ),
            "not one style": len(read.all("style")) != 1,
            "asks for something elsewhere": any(
                tag.get("src") or (name == "link" and tag.get("href") != "data:,") for name, tag in read.tags
            ),
            "the style asks for something": bool(
                re.search(r"url\(|@import|https?:", read.text.get("style", ""))
            ),
            "a form that is not a post to this host": any(
                form.get("method") != "post" or not (form.get("action") or "").startswith("/")
                for form in read.all("form")
            ),
            "an encoding that no mail client sends": any("enctype" in form for form in read.all("form")),
            "a field outside a form": bool(read.loose),
            "a field to fill in": any(_asked_of(form) != _allowed(form) for form in read.forms),
            "a field without its label": [field.get("id") for form in read.forms for field in form.shown]
            != [label.get("for") for label in read.all("label")],
            "a question without its words or its two choices": any(
                not question.is_sound for form in read.forms for question in form.questions
            ),
            "other hidden fields than its own": any(form.hidden != _hidden(form) for form in read.forms),
            "buttons that cannot be told apart": any(not _are_apart(form) for form in read.forms),
            "a form without a button": any(not form.buttons for form in read.forms),
            "a repeated id": len(_ids(read)) != len(set(_ids(read))),
            "no switcher": not any(link.get("hreflang") for link in read.all("a")),
            "an image that is not silent": any(svg.get("aria-hidden") != "true" for svg in read.all("svg")),
        }.items()
        if found
    ]


def _asked_of(form: Form) -> list[tuple[str | None, str | None]]:
    return [(field.get("type") or field["tag"], field.get("name")) for field in form.shown]


def _allowed(form: Form) -> list[tuple[str, str | None]]:
    """An address where a link is asked for, words where it is asked what it was, and choices inside questions."""
    if form.action == LOST:
        return [("email", "email")]
    if form.is_reason:
        return [("textarea", "words")]
    return [("radio", name) for question in form.questions for name, _ in question.choices]


def _hidden(form: Form) -> list[str | None]:
    """A form that decides says on which page, in which language, and of each question how it stood."""
    if form.action == LOST or form.is_reason:
        return ["l"]
    if any(button.get("name") == "stop" for button in form.buttons):
        return ["page", "l", "was.newsletter", *(f"was.{each.name}" for each in AGREEMENTS)]
    return ["page", "l", *(name for question in form.questions for name in question.hidden)]


def _are_apart(form: Form) -> bool:
    """One button that only sends; more of them each send a value of their own."""
    named = [(button.get("name"), button.get("value")) for button in form.buttons if button.get("name")]
    silent = len(form.buttons) - len(named)
    return (
        silent <= 1
        and len(set(named)) == len(named)
        and all(name in BUTTONS and value for name, value in named)
        and all(button.get("type") == "submit" for button in form.buttons)
        and not (silent and named and not form.shown)
    )


def _plain(read: Reading, tag: str) -> str:
    return read.text.get(tag, "").strip()


def _ids(read: Reading) -> list[str]:
    return [tag["id"] for _, tag in read.tags if tag.get("id")]


def test_every_page_in_every_language_keeps_the_house_style(world_pages, example):
    for page in world_pages:
        assert faults(page.fill(example(page))) == [], (page.name, page.language)


@pytest.mark.parametrize(
    ("bad", "good", "fault"),
    [
        ("<h1>Another</h1></main>", "</main>", "not one h1"),
        ("<title>Else", "<title>Stop", "the title does not begin with the h1"),
        ("<script></script></main>", "</main>", "a script"),
        ('<main style="a">', "<main>", "a style or event attribute"),
        ('<main onclick="a">', "<main>", "a style or event attribute"),
        ('<img src="https://example.com/a.png"></main>', "</main>", "asks for something elsewhere"),
        ("<style>a{background:url(a)}", "<style>", "the style asks for something"),
        ('<form action="/x"></form></main>', "</main>", "a form that is not a post to this host"),
        ('action="https://evil.example/u', 'action="/u', "a form that is not a post to this host"),
        ('type="email"', 'type="hidden"', "a field to fill in"),
        ('<input type="radio" name="to.x" value="on"><button', "<button", "a field to fill in"),
        ("<textarea name='words'></textarea><button", "<button", "a field to fill in"),
        ("<select></select><button", "<button", "a field to fill in"),
        ("<select></select></main>", "</main>", "a field outside a form"),
        ('<input type="hidden" name="to.x" value="on"></main>', "</main>", "a field outside a form"),
        ("</div></main>", "</main>", "div closed out of turn"),
        ('name="reason"', 'name="l"', "other hidden fields than its own"),
        ('<input type="hidden" name="was.x"><button', "<button", "other hidden fields than its own"),
        ('name="price"', 'name="months"', "buttons that cannot be told apart"),
        ('value="3"', 'value="1"', "buttons that cannot be told apart"),
        ('type="button"', 'type="submit"', "buttons that cannot be told apart"),
        ('<form method="post" action="/x"></form></main>', "</main>", "a form without a button"),
        ("<html>", '<html lang="en" dir="ltr">', "no language or direction"),
    ],
)
def test_a_bad_page_is_refused(pages, example, bad, good, fault):
    page = pages.page("optout", "en", "fern")
    filled = page.fill(example(page)).decode()
    assert good in filled
    assert fault in faults(filled.replace(good, bad, 1).encode())


def test_a_field_without_its_label_is_refused(pages, example):
    page = pages.page("lost-link", "en", "fern")
    filled = page.fill(example(page)).decode()
    assert faults(filled.encode()) == []
    for good, bad in (
        (' for="email"', ""),
        (' name="email"', ' name="mail"'),
        (' id="email"', ' id="x"'),
    ):
        assert faults(filled.replace(good, bad, 1).encode()), bad


@pytest.mark.parametrize(
    ("bad", "good", "fault"),
    [
        ("<legend></legend>", "<legend>Wine and beer</legend>", "a question without its words or its two choices"),
        ('name="to.post" value="off"', 'name="to.wine" value="off"', "a question without its words or its two choices"),
        ('value="maybe" id="wine-off"', 'value="off" id="wine-off"', "a question without its words or its two choices"),
        ('name="was.post"', 'name="was.wine"', "other hidden fields than its own"),
        ('type="checkbox" name="to.wine" value="on"', 'type="radio" name="to.wine" value="on"', "a field to fill in"),
        ('for="wine-off"', 'for="wine-on"', "a field without its label"),
        ('id="wine-on"', 'id="newsletter-on"', "a repeated id"),
        ('name="stay" value="all"', 'name="stop" value="all"', "buttons that cannot be told apart"),
    ],
)  # fmt: skip
def test_a_bad_question_is_refused(pages, example, bad, good, fault):
    page = pages.page("preferences", "en", "fern")
    filled = page.fill(example(page)).decode()
    assert faults(filled.encode()) == []
    assert good in filled
    assert fault in faults(filled.replace(good, bad, 1).encode())


def test_words_are_asked_for_only_where_it_is_done(pages, example):
    page = pages.page("done", "en", "fern")
    filled = page.fill(example(page)).decode()
    assert faults(filled.encode()) == []
    for good, bad, fault in (
        ('name="words"', 'name="email"', "a field to fill in"),
        ("/reason", "", "a field to fill in"),
        ('<label for="words">', "<label>", "a field without its label"),
    ):
        assert good in filled
        assert fault in faults(filled.replace(good, bad).encode()), bad


def test_stopping_everything_comes_before_every_choice(pages, example):
    for name in ("preferences", "preferences-trouble"):
        for language in ("ar", "de", "en"):
            page = pages.page(name, language, "fern")
            first, *others = Reading(page.fill(example(page))).forms
            assert [(button["name"], button["value"]) for button in first.buttons] == [("stop", "all")]
            assert first.shown == []
            assert all(form.questions for form in others)


def test_what_is_not_known_is_marked_neither_way(pages, example):
    page = pages.page("preferences", "en", "fern")
    marked = [
        (field["name"], field["value"])
        for form in Reading(page.fill(example(page))).forms
        for field in form.shown
        if "checked" in field
    ]
    assert marked == [("to.newsletter", "on"), ("to.wine", "off")]


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_a_page_offers_the_presses_that_are_its_own_in_their_order(pages, example, name):
    page = pages.page(name, "en", "fern")
    pressed = PRESSED.get(name, [])
    if name.startswith(("out-", "rest-")):
        pressed = ["action", "undo"] if name.endswith("-undo") else ["action"]
        pressed += ["reason"] if name.startswith("out-") and name.endswith("-undo") else []
    read = Reading(page.fill(example(page)))
    assert [form["action"] for form in read.all("form")] == [WHERE[field] for field in pressed]


def test_the_switcher_leads_to_the_same_link_in_the_other_language(world_pages, example):
    for page in world_pages:
        links = [link for link in Reading(page.fill(example(page))).all("a") if "hreflang" in link]
        others = [language for language in ("ar", "en", "pl") if language != page.language]
        linked = issubclass(CONTEXTS[page.name], Linked)
        path, query = ("/u/AbC-123", "&c=spring") if linked else ("", "")
        assert [link["href"] for link in links] == [f"{path}?l={language}{query}" for language in others]
        assert [link["lang"] for link in links] == others


def test_every_page_names_its_sender_and_how_to_reach_them(pages, example, senders):
    for page in pages:
        said = [senders[page.workspace]] if page.workspace else list(senders.values())
        read = Reading(page.fill(example(page)))
        for sender in said:
            assert sender.name in read.text["body"], page.name
            assert sender.href in [link.get("href") for link in read.all("a")]


def test_a_page_of_one_workspace_does_not_name_another(pages, senders):
    for page in pages:
        for workspace, sender in senders.items():
            if page.workspace not in {None, workspace}:
                assert sender.contact not in page.text


def test_every_page_is_light_in_every_language(pages, example):
    """A page with two agreements of the workspace's own, breaks and reasons."""
    sizes = {
        (page.name, page.language, page.workspace): len(gzip.compress(page.fill(example(page))))
        for page in pages
    }
    assert len({language for _, language, _ in sizes}) == 15
    heaviest = max(sizes, key=sizes.__getitem__)
    assert sizes[heaviest] <= MOST_BYTES, heaviest


def test_the_style_is_one_text_that_the_policy_names(pages):
    assert len({page.csp for page in pages}) == 1
    assert len({page.theme for page in pages}) == 1
    csp = next(iter(pages)).csp
    assert csp.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in csp


def test_the_style_knows_no_left_or_right():
    source = "".join(file.read_text(encoding="utf-8") for file in paths.static().glob("*.css"))
    bare = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    sides = (
        r"(?<![-\w])(?:(?:margin|padding|border)-(?!width)|text-align: )?"
        r"(?:left|right|top|bottom|width|height)\s*[:;]"
    )
    assert re.findall(sides, bare) == []
    for bad in ("left: 0;", "margin-left: 1rem;", "text-align: right;", "width: 3rem;", "border-top: 1px;"):
        assert re.findall(sides, bad), bad


def test_a_style_that_would_end_its_element_is_refused():
    for source in ("a{content:'</style>'}", "a{{b:c}}"):
        with pytest.raises(ValueError, match="style"):
            Stylesheet(source)


def test_making_the_style_small_keeps_what_it_means():
    assert Stylesheet("/* a */ nav  a :hover , b{\n color : red ;\n}\n").text == "nav a :hover,b{color : red}"
