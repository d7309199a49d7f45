"""The box finds whoever is meant, takes whatever is typed, says what it could not do, and gives nobody away."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from resign.profile import Profile
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY
from tests.support.looked_after import person_path

# What a search finds is tested on both engines where it is made; the whole way once in tests/console/person.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SEARCH = "/console/search"
ODD = (
    "o'brien@example.com", "'", '"', '"unclosed', "\\", "%", "_", "%_%", "a%", "';DROP TABLE decisions;--", "<script>",
    "🙂", "👩‍👩‍👧", "مرحبا", "\u202eanna@example.com", "a\x00b", "\x00", "x" * 10_000, "'" * 10_000, "🙂" * 2_500, "(", "*",
    "campaign:", "method:carrier-pigeon", "methid:page", "after:2026-13-45", "reference:1", "email:nobody", ":::", "a:b:c",
    " ".join(f"w{number}" for number in range(40)), "state:undelivered state:confirmed", "\t\n\r", "mailto:anna@example.com",
    "{{ 1237*8263 }}", "%(about)s", "workspace:%(x)s",
)  # fmt: skip


@pytest.fixture
def types(mia):
    """Somebody types into the box and presses the button; gives the page that the answer leads to."""

    def search(text, path=SEARCH):
        answer = mia.presses(mia.opens(path), SEARCH, q=text)
        assert answer.status_code == 303
        page = mia.opens(answer.headers["Location"])
        assert page.status_code == 200
        return page

    return search


def hits(page) -> list[str]:
    return re.findall(r'<p class="who"><a href="([^"?]+)', page.text)


def test_an_address_finds_whoever_decided_and_leads_to_their_page(people, types):
    reference = people.decides(campaign="spring", method="one-click")
    people.decides(BORIS)
    people.is_told()
    page = types("anna@example.com")
    assert hits(page) == [person_path(ANNA)]
    for words in (
        "a•••@example.com",
        "Out of newsletter",
        "with the mail program",
        "campaign spring",
        reference,
        "confirmed",
    ):
        assert words in unescape(page.text), words
    assert "2026-05-04 10:12 UTC" in page.text


def test_parts_identifiers_references_and_filters_find(people, types):
    reference = people.decides(campaign="spring")
    people.decides(Profile("customId", "C-1042"))
    for text, profile in (
        ("ann", ANNA), ("campaign:spring", ANNA), (reference.lower(), ANNA), ("customId:C-1042", Profile("customId", "C-1042")),
    ):  # fmt: skip
        assert hits(types(text)) == [person_path(profile)], text


def test_no_address_stands_in_the_address_line(people, types):
    people.decides()
    for text in ("anna@example.com", "ann", "kowalska", "mial:anna kowalska", "customId:C-1042", "campaign:a@b.example",
                 "workspace:anna@example.com", "01KB-3F9Q-7XZA", "x" * 10_000):  # fmt: skip
        page = types(text)
        place = urlsplit(str(page.url))
        assert set(parse_qs(place.query)) == {"s"}, text
        assert len(place.query) < 8_000
        assert text[:1000] in unescape(page.text).split('id="find"')[1]


def test_filters_alone_can_be_linked(people, mia, types):
    people.decides(campaign="spring")
    assert (
        urlsplit(str(types("campaign:spring state:undelivered").url)).query
        == "q=campaign:spring+state:undelivered"
    )
    assert hits(mia.opens(f"{SEARCH}?q=campaign:spring")) == [person_path()]


def test_an_address_that_was_typed_into_the_address_line_does_not_stay_there(people, mia):
    people.decides()
    answer = mia.opens(f"{SEARCH}?q=anna@example.com")
    assert answer.status_code == 303
    assert "anna" not in answer.headers["Location"]
    assert hits(mia.opens(answer.headers["Location"])) == [person_path()]


def test_another_language_keeps_what_was_searched(people, mia, types):
    people.decides()
    page = types("anna@example.com")
    polish = unescape(re.search(r'<a href="([^"]+)" lang="pl"', page.text)[1])
    answer = mia.opens(f"{SEARCH}{polish}")
    assert hits(answer) == [person_path()]
    assert "Szukaj" in answer.text


def test_what_was_sealed_opens_for_whoever_typed_it_and_not_for_ever(people, mia, types, clock, signed_in_as):
    people.decides()
    page = types("anna@example.com")
    assert hits(mia.opens(str(page.url))) == [person_path()]
    signed_in_as("eve", default="support")
    assert "a search of somebody else" in mia.opens(str(page.url)).text
    signed_in_as("mia", default="support")
    clock.advance(hours=13)
    assert "a search of somebody else" in mia.opens(str(page.url)).text
    for seal in ("", "x", "%00", "gAAAA", "🙂", "' OR 1=1"):
        answer = mia.opens(f"{SEARCH}?s={seal}")
        assert answer.status_code == 200, seal
        assert 'name="q" value=""' in answer.text, seal


def test_anything_typed_is_answered_with_something(people, types):
    people.decides()
    people.decides(Profile("email", "o'brien@example.com"))
    for text in ODD:
        page = types(text)
        answered = hits(page) or "Nothing was found" in page.text
        assert answered, text
        assert "10221331" not in page.text
    assert hits(types("o'brien@example.com")) == [person_path(Profile("email", "o'brien@example.com"))]
    assert hits(types("\u202eanna@example.com")) == [person_path()]


def test_bytes_that_are_no_text_are_answered(people, mia):
    people.decides()
    mark = mia.fields(mia.opens(SEARCH))["mark"]
    body = f"mark={mark}&q=".encode() + b"%ff%fe%00%c3("
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = mia.client.post(SEARCH, content=body, headers=kind)
    assert mia.opens(answer.headers["Location"]).status_code == 200
    for query in (
        "q=%ff%fe",
        "q=%00",
        "s=%ff",
        "after=%ff",
        "after=" + "A" * 2000,
        "q=a&q=b",
        "q",
        "after=-1",
    ):
        answer = mia.client.get(f"{SEARCH}?{query}", follow_redirects=True)
        assert answer.status_code == 200, query


def test_what_could_not_be_done_is_said(people, types):
    people.decides()
    for text, words in (
        ("methid:page", "Did you mean “method:”?"), ("zzz:page", "“zzz:” is not known"), ("after:soon", "takes a day such as"),
        ("boris@example.com", "Nobody decided with exactly “boris@example.com”."), ("a", "“a” is short"),
        ("x" * 10_000, "Only the first 1000 characters"), ("method:pigeon", "takes page, one-click"),
        ("workspace:shop", "There is no workspace “shop”"), ("\u202e'<b>", "Nothing was found"),
    ):  # fmt: skip
        assert words in unescape(types(text).text), text


def test_nobody_exactly_offers_the_search_for_a_part(people, mia, types):
    people.decides(Profile("email", "joanna@example.com"))
    page = types("anna@example.com")
    fields = re.search(r'name="q" value="(part:[^"]+)"', page.text)
    assert hits(types(unescape(fields[1]))) == [person_path(Profile("email", "joanna@example.com"))]


def test_nothing_asked_shows_the_newest_and_what_can_be_typed(people, mia):
    people.decides()
    page = mia.opens(SEARCH)
    assert hits(page) == [person_path()]
    assert "What can be typed" in page.text
    assert people.deeds() == []
    for example in re.findall(r'href="(/console/search\?q=[^"]+)"', page.text):
        assert mia.opens(unescape(example)).status_code == 200


def test_pages_go_on_behind_the_last_row(people, mia, types):
    for number in range(51):
        people.decides(Profile("email", f"p{number}@example.com"))
    first = types("@example.com")
    older = unescape(re.search(r'href="([^"]+)" rel="next"', first.text)[1])
    assert "example" not in older
    second = mia.opens(older)
    assert len(hits(first)) == 50
    assert hits(second) == [person_path(Profile("email", "p0@example.com"))]
    assert "this is the first one" in mia.opens(older.split("&after=")[0] + "&after=nonsense").text


def test_searches_are_noted_without_anybodys_address(people, types, database):
    people.decides()
    types("anna@example.com method:page after:2026-01-01")
    types("part:ann campaign:anna@example.com anna@example mial:anna")
    exact, parts = people.deeds()
    assert (exact.action, exact.workspace, exact.subject) == ("searched", "default", ANNA.digest(DIGEST_KEY))
    assert '"method": ["page"]' in exact.detail
    assert '"after": "2026-01-01"' in exact.detail
    assert '"parts": 2' in parts.detail
    written = " ".join(f"{deed.detail} {deed.subject} {deed.name}" for deed in people.deeds())
    assert "anna" not in written
    assert "example" not in written


def test_only_workspaces_of_ones_own_are_searched(people, mia, types, signed_in_as):
    people.decides()
    people.decides(BORIS, workspace="other")
    signed_in_as("sam", other="support")
    assert mia.opens(SEARCH).status_code == 200
    assert hits(types("anna@example.com")) == []
    signed_in_as("max", default="marketer")
    assert mia.opens(SEARCH).status_code == 403


def test_the_box_stands_in_every_page_of_those_who_may_search(people, mia, types, signed_in_as):
    people.decides()
    assert hits(types("anna@example.com", path="/console/themes")) == [person_path()]
    signed_in_as("max", default="marketer")
    assert "data-find" not in mia.opens("/console/themes").text
