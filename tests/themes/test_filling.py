"""A page's text is known to the byte, and a value is put in without ever being read."""

import dataclasses
import html
import re

import pytest
from markupsafe import Markup

from resign.i18n import Catalogues
from resign.themes import Brand, Pages, Sender
from resign.themes.contexts import CONTEXTS, PAGE_NAMES, Asking
from resign.themes.page import again, digest_of
from resign.themes.samples import sample
from tests.themes.conftest import BRANDS

AGREED = ("newsletter", "wine", "post")

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)",
    "{{masked}}{{action}}{{page}}",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &amp; &#123;&#123;link}}",
    "%(name)s %s {0}",
    "\\1 \\g<0> $1",
    "\u202emoc.elpmaxe@•••a",
    "",
    Markup("<script>alert(1)</script>"),
]


# Offered to themes; the shipped page does without.
UNUSED = {
    "preferences-trouble": {"masked"},
    "preferences-saved": {"record"},
    "stopped": {"record"},
    "confirmed": {"record"},
}


def given_everywhere(page, value) -> dict[str, object]:
    """The same value for every field, and for every agreement of those that have one each."""
    return {
        field.name: value if field.type in (str, "str") else dict.fromkeys(AGREED, value)
        for field in dataclasses.fields(CONTEXTS[page.name])
    }


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_shown_as_what_it_is(world_pages, example, value):
    for page in world_pages:
        filled = page.fill(example(page, **given_everywhere(page, value))).decode()
        assert "<script" not in filled
        assert "<img" not in filled
        assert " checked" not in filled
        escaped = html.escape(str(value)).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
        for marker in set(re.findall(r"\{\{[a-z_.]+\}\}", page.text)) - {"{{page}}"}:
            found = re.search(rf"(.{{20}}){re.escape(marker)}(.{{4}})", page.text, re.DOTALL)
            before, after = found.groups()
            if "{{" not in before + after:
                assert before + escaped + after in filled


def test_a_choice_is_marked_by_its_exact_value_and_no_other(pages, example):
    page = pages.page("preferences", "en", "fern")
    for held in ("", "ON", "on ", "on=on", "off off", "checked"):
        assert b" checked" not in page.fill(example(page, to=dict.fromkeys(AGREED, held)))
    assert page.fill(example(page, to=dict.fromkeys(AGREED, "on"))).count(b" checked") == 3


def test_a_value_that_cannot_be_encoded_still_gives_a_page(pages, example):
    page = pages.page("optout", "en", "fern")
    assert b"a?b" in page.fill(example(page, masked="a\ud800b"))


def test_no_marker_is_left_in_a_filled_page(pages, example):
    for page in pages:
        assert b"{{" not in page.fill(example(page))


def test_every_page_uses_every_field_it_is_given_and_no_other(pages):
    for page in pages:
        fields = {field.name for field in dataclasses.fields(CONTEXTS[page.name])}
        used = set(re.findall(r"\{\{([a-z_]+)[}.]", page.text)) - {"page"}
        assert used | UNUSED.get(page.name, set()) == fields, page.name
        assert not used & UNUSED.get(page.name, set()), page.name


def test_the_recorded_text_and_values_give_the_same_bytes_again(pages, example):
    for page in pages:
        context = example(page, **({"masked": "{{page}}<b>"} if "{{masked}}" in page.text else {}))
        assert again(page.text, dataclasses.asdict(context)) == page.fill(context)


def test_the_digest_names_the_text_and_every_form_that_decides_sends_it(pages, example):
    for page in pages:
        assert re.fullmatch(r"[0-9a-f]{16}", page.digest)
        assert page.digest == digest_of(page.text)
        filled = page.fill(example(page)).decode()
        forms = filled.count("<form") - filled.count('action="/u/"') - filled.count('/reason?c=spring"')
        assert filled.count(f'name="page" value="{page.digest}"') == forms
        assert pages.shown(page.digest).text == page.text


def test_an_unknown_digest_names_no_page(pages):
    assert pages.shown("0" * 16) is None
    assert pages.shown("{{page}}") is None


def test_the_digest_is_the_same_in_every_process_and_changes_with_the_text(pages, catalogues):
    same = Pages(catalogues, BRANDS)
    assert {page.digest for page in same} == {page.digest for page in pages}
    other = Pages(catalogues, {"fern": Brand(Sender("Fjord & Fern AS", "hello@fjordfern.example"))})
    for language in catalogues.languages:
        for name in PAGE_NAMES:
            assert other.page(name, language, "fern").digest != pages.page(name, language, "fern").digest


def test_a_value_does_not_change_the_digest(pages, example):
    page = pages.page("optout", "en", "fern")
    first, second = (page.fill(example(page, masked=masked)).decode() for masked in ("a", "b"))
    assert re.findall(r'name="page" value="(\w+)"', first) == re.findall(r'name="page" value="(\w+)"', second)


def test_a_sender_that_looks_like_a_marker_is_only_a_name(catalogues: Catalogues, example):
    pages = Pages(catalogues, {"odd": Brand(Sender("{{masked}} {{{action}}}", "a{{link}}b@example.com"))})
    page = pages.page("optout", "en", "odd")
    filled = page.fill(example(page, masked="MASKED")).decode()
    assert filled.count("MASKED") == 1
    assert "{{masked}} {{{action}}}" in html.unescape(filled)
    assert again(page.text, dataclasses.asdict(example(page, masked="MASKED"))).decode() == filled


def test_a_sender_cannot_carry_the_marks_of_a_marker():
    for name in ("\ufdd0masked\ufdd1", "", "a\x00b", "a\nb"):
        with pytest.raises(ValueError, match="sender"):
            Sender(name, "a@example.com")
    for contact in ("javascript:alert(1)", "http://example.com", ""):
        with pytest.raises(ValueError, match="sender"):
            Sender("A", contact)


def test_a_page_is_filled_with_its_own_context_only(pages, example):
    asking = example(pages.page("optout", "en", "fern"))
    assert isinstance(asking, Asking)
    with pytest.raises(TypeError, match="done is filled with Done"):
        pages.page("done", "en", "fern").fill(asking)


def test_what_does_not_exist_is_not_made_up(pages):
    for language, workspace in (("tlh", "fern"), ("en", "other"), ("en", None)):
        with pytest.raises(KeyError):
            pages.page("optout", language, workspace)


def test_pages_without_a_sender_are_refused(catalogues):
    with pytest.raises(ValueError, match="sender"):
        Pages(catalogues, {})


def test_a_sample_person_reads_one_language(pages, catalogues):
    def read(name):
        filled = pages.page(name, "pl", "fern").fill(
            sample(name, "pl", "ordinary", catalogues, BRANDS["fern"])
        )
        return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", filled.decode()))

    assert "Włączone" in read("preferences-saved")
    assert "Jeszcze niewłączone: przyjdzie e-mail z prośbą o potwierdzenie" in read("preferences-asked")
    assert "Włączone" not in read("preferences-asked")
    assert "E-maile marketingowe. Nadawca: Fjord" in read("confirm")
