"""The search box takes anything that is typed, and says what it did not understand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resign.ids import new_id, reference, reference_range
from resign.profile import Profile
from resign.search.parse import MOST_CHARACTERS, MOST_TERMS, parse
from resign.search.query import Query, Word

HOSTILE = {
    "an apostrophe": "o'brien@example.com",
    "an open quote": 'campaign:"spring',
    "a quote in the middle": 'ann"a',
    "only quotes": '"""""',
    "backslashes": "\\ \\\\ \\' \\x00",
    "NUL": "anna\x00@example.com",
    "only NUL": "\x00\x00\x00",
    "emoji": "😀😀😀",
    "a lone surrogate": "ann\ud83d",
    "right to left marks": "\u202eanna@example.com\u202c",
    "zero width": "an\u200bna",
    "a combining accent": "jose\u0301@example.com",
    "SQL": "'; DROP TABLE decisions; --",
    "SQL in a value": "campaign:' OR 1=1 --",
    "a pattern": "%_%*?[a-z]",
    "FTS": 'people_parts MATCH "a" OR NEAR(x y) * ^ -a {b c}: d',
    "FTS words": "AND OR NOT NEAR",
    "colons": ":::: a: :b campaign::",
    "ten kilobytes": "a" * 10_240,
    "ten kilobytes of words": "ab " * 3_413,
    "ten kilobytes of quotes": '"' * 10_240,
    "ten kilobytes of filters": "method:staff " * 788,
    "blanks of all kinds": " \t\n\r\v\f\u00a0\u2003\u2028\u2029 ",
    "big numbers": "9" * 400,
    "a long clientId": "clientId:" + "9" * 300,
    "digits that are not ASCII": "clientId:\u0661\u0662\u0663 after:\u0662\u0660\u0662\u0666-\u0660\u0661-\u0660\u0661",
    "an impossible day": "after:2026-02-31 before:0000-00-00",
    "a far day": "after:9999-12-31 before:0001-01-01",
    "nothing": "",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_anything_typed_is_understood_somehow(case):
    query = parse(HOSTILE[case])
    assert isinstance(query, Query)
    assert all(str(note) for note in query.notes)


@given(st.text(max_size=300))
def test_no_text_at_all_raises(text):
    parse(text)


PIECES = st.sampled_from(
    [
        '"', ":", "*", "@", ".", " ", "campaign:", "method:", "after:", "part:", "clientId:", "state:", "reference:",
        "language:", "\x00", "\\", "'", "-", "01KB", "3F9Q", "7XZA", "anna", "İ", "ß", "2026-01-01", "x" * 90,
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_mixture_of_the_pieces_it_knows_raises(text):
    for note in parse(text).notes:
        assert str(note)


@pytest.mark.parametrize(
    "text",
    [
        "anna@example.com",
        "<anna@example.com>",
        "mailto:anna@example.com",
        "anna@example.com,",
        '"anna@example.com"',
    ],
)
def test_an_address_is_exact(text):
    query = parse(text)
    assert query.profiles == (Profile("email", "anna@example.com"),)
    assert query.words == ()


def test_an_address_with_an_apostrophe_is_an_address():
    assert parse("o'brien@example.com").profiles == (Profile("email", "o'brien@example.com"),)


def test_an_address_typed_with_a_combining_accent_is_the_composed_one():
    assert parse("jose\u0301@example.com").profiles == (Profile("email", "josé@example.com"),)


@pytest.mark.parametrize("text", ["anna", "anna@", "@example.com", "anna@example", "example.com"])
def test_what_is_no_whole_address_is_a_part(text):
    assert parse(text).words == (Word(text),)


@pytest.mark.parametrize("text", ["an", "a"])
def test_less_than_three_letters_are_a_beginning_and_that_is_said(text):
    query = parse(text)
    assert query.words == (Word(text, begins=True),)
    assert [note.code for note in query.notes] == ["short"]


def test_a_star_asks_for_a_beginning():
    assert parse("Anna*").words == (Word("anna", begins=True),)
    assert parse("*").words == (Word("*", begins=True),)


def test_identifiers_are_exact():
    query = parse("customId:C-1042 clientid:77")
    assert query.profiles == (Profile("customId", "C-1042"), Profile("clientId", "77"))


def test_a_single_word_may_be_an_identifier_as_a_whole_as_it_was_typed():
    assert parse("C-1042").bare == "C-1042"
    assert parse("C-1042 anna").bare is None


@pytest.mark.parametrize(
    "spelt", ["{}", "reference:{}", "  {}  ", 'reference:"{}"'], ids=["bare", "named", "blanks", "quoted"]
)
def test_a_reference_is_known_in_any_spelling(spelt):
    spoken = reference(new_id())
    for text in (spoken, spoken.lower(), spoken.replace("-", ""), spoken.replace("0", "O").replace("1", "l")):
        assert parse(spelt.format(text)).reference == reference_range(spoken)


def test_a_reference_with_blanks_is_known():
    spoken = reference(new_id())
    assert parse(spoken.replace("-", " ")).reference == reference_range(spoken)
    assert parse(f'reference:"{spoken.replace("-", " ")}"').surely


def test_filters_are_read_and_several_values_are_gathered():
    query = parse(
        'campaign:"Spring sale" campaign:b METHOD:One-Click language:PL choice:out state:dead state:telling origin:crm'
    )
    assert query.marks["campaign"] == ("Spring sale", "b")
    assert query.marks["method"] == ("one-click",)
    assert "pl" in query.marks["language"]
    assert query.marks["choice"] == ("opt-out",)
    assert query.marks["origin"] == ("crm",)
    assert query.states == ("dead", "telling")
    assert query.notes == ()


@pytest.mark.parametrize("spelt", ["pt-br", "pt_BR", "PT-BR"])
def test_a_language_with_a_region_is_known_in_any_spelling(spelt):
    assert "pt-BR" in parse(f"language:{spelt}").marks["language"]


@pytest.mark.parametrize("text", ["after:2026-01-01", "after:2026-01", "after:2026"])
def test_a_month_and_a_year_alone_are_their_first_day(text):
    assert parse(text).after == date(2026, 1, 1)


def test_the_narrower_of_two_days_counts():
    query = parse("after:2026-01-01 after:2026-03-01 before:2026-05-01 before:2026-04-01")
    assert (query.after, query.before) == (
        date(2026, 3, 1),
        date(2026, 4, 1),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("methid:page", "`methid:` is not known, so it was left out; did you mean `method:`?"),
        ("custmid:1", "`custmid:` is not known, so it was left out; did you mean `customId:`?"),
        ("zzz:1", "`zzz:` is not known, so it was left out."),
        ("after:yesterday", "`after:` takes a day such as 2026-01-31, so it was left out."),
        ("before:2026-02-31", "`before:` takes a day such as 2026-01-31, so it was left out."),
        ("campaign:", "`campaign:` needs a value, so it was left out."),
        ("choice:maybe", "`choice:` takes out, in, opt-out, opt-in, request; what was given was left out."),
        ("clientId:x", "`clientId:` cannot name a profile like this; it was left out."),
    ],
)
def test_what_is_not_understood_is_said_and_the_rest_is_searched(text, said):
    query = parse(f"anna {text}")
    assert [str(note) for note in query.notes] == [said]
    assert query.words == (Word("anna"),)


def test_a_bad_reference_is_said():
    query = parse("reference:01KB")
    assert [note.code for note in query.notes] == ["bad-reference"]
    assert query.reference is None


def test_what_is_too_long_is_cut_and_said():
    assert [note.code for note in parse("a" * (MOST_CHARACTERS + 1)).notes] == ["too-long"]
    query = parse("abc " * (MOST_TERMS + 1))
    assert [note.code for note in query.notes] == ["too-many"]
    assert len(query.words) == MOST_TERMS
