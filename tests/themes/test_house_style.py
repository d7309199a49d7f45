"""What every page holds to, read from its HTML; and bad pages that these rules must refuse."""

import gzip
import re
from html.parser import HTMLParser

import pytest

from resign import paths
from resign.themes.contexts import CONTEXTS, PAGE_NAMES, Linked
from resign.themes.stylesheet import Stylesheet

VOID = {"meta", "link", "input", "circle", "path", "br", "img"}
MOST_BYTES = 14 * 1024
PRESSED = {
    "optout": ["action"],
    "done": ["undo"],
    "undone": ["action"],
    "undo-late": [],
    "trouble-press": ["action"],
    "trouble-undo": ["undo"],
    "lost-link": ["lost"],
    "lost-link-wrong": ["lost"],
    "bad-link": ["lost"],
}
# The one form with a field to fill in.
LOST = "/u/"
WHERE = {"lost": LOST, "action": "/u/AbC-123?c=spring", "undo": "/u/AbC-123/undo"}


class Reading(HTMLParser):
    """One page, taken apart."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.text: dict[str, str] = {}
        self.feed(page.decode())
        self.close()
        if self.open:
            self.faults.append(f"left open: {self.open}")

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"{tag} closed out of turn")

    def handle_data(self, data):
        for tag in set(self.open):
            self.text[tag] = self.text.get(tag, "") + data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


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
            "a field to fill in": [field.get("name") for field in _shown_fields(read)]
            != ["email" for form in read.all("form") if form.get("action") == LOST]
            or any(read.all(tag) for tag in ("select", "textarea", "option")),
            "a field without its label": [field.get("id") for field in _shown_fields(read)]
            != [label.get("for") for label in read.all("label")],
            "other hidden fields than page and l": [
                field.get("name") for field in read.all("input") if field.get("type") == "hidden"
            ]
            != [
                name
                for form in read.all("form")
                for name in (("l",) if form.get("action") == LOST else ("page", "l"))
            ],
            "not one button to each form": len(read.all("button")) != len(read.all("form")),
            "a repeated id": len(_ids(read)) != len(set(_ids(read))),
            "no switcher": not any(link.get("hreflang") for link in read.all("a")),
            "an image that is not silent": any(svg.get("aria-hidden") != "true" for svg in read.all("svg")),
        }.items()
        if found
    ]


def _shown_fields(read: Reading) -> list[dict[str, str | None]]:
    return [field for field in read.all("input") if field.get("type") != "hidden"]


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
        ("<select></select></main>", "</main>", "a field to fill in"),
        ("</div></main>", "</main>", "div closed out of turn"),
        ('name="reason"', 'name="l"', "other hidden fields than page and l"),
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


@pytest.mark.parametrize("name", PAGE_NAMES)
def test_a_page_offers_the_presses_that_are_its_own_in_their_order(pages, example, name):
    page = pages.page(name, "en", "fern")
    pressed = PRESSED.get(name, [])
    if name.startswith("out-"):
        pressed = ["action", "undo"] if name.endswith("-undo") else ["action"]
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
            assert sender.name in read.text["body"]
            assert sender.href in [link.get("href") for link in read.all("a")]


def test_a_page_of_one_workspace_does_not_name_another(pages, senders):
    for page in pages:
        for workspace, sender in senders.items():
            if page.workspace not in {None, workspace}:
                assert sender.contact not in page.text


def test_every_page_is_light(world_pages, example):
    sizes = {(page.name, page.language): len(gzip.compress(page.fill(example(page)))) for page in world_pages}
    assert max(sizes.values()) <= MOST_BYTES


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
        r"(?<![-\w])(?:(?:margin|padding|border)-|text-align: )?(?:left|right|top|bottom|width|height)\s*[:;]"
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
