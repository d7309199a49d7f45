"""Anybody and anything is found: by address, identifier, reference, filters; newest first, in pages, never beyond one's own."""

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from resign.ledger import reasons
from resign.ledger.tables import Consent, Decision
from resign.outbox.contract import Accepted, Confirmed, Refused, Unreachable
from resign.profile import Profile
from resign.search import tokens
from resign.search.rows import reveal
from tests.search.conftest import settle
from tests.search.test_parse import HOSTILE
from tests.support.decisions import ANNA, BORIS

OBRIEN = Profile("email", "O'Brien@Example.com")
BY_ID = Profile("customId", "C-1042")
BY_NUMBER = Profile("clientId", "77001")


def masks(found):
    return [row.masked for row in found.rows]


def codes(found):
    return [note.code for note in found.notes]


@pytest.fixture
def people(decided):
    """Four people, oldest first, by what they are named; each opted out once."""
    return {profile.value: decided(profile) for profile in (ANNA, OBRIEN, BY_ID, BY_NUMBER)}


def test_nothing_typed_shows_the_newest_first(find, people):
    assert [row.reference for row in find("").rows] == [*people.values()][::-1]


TYPED = {
    OBRIEN: ["o'brien@example.com", "O'BRIEN@EXAMPLE.COM", '"o\'brien@example.com"', "o'bri", "o'*"],
    BY_ID: ["customId:C-1042", "C-1042", "c-10", "1042", "-104"],
    BY_NUMBER: ["clientId:77001", "77001", "7700", "700"],
    ANNA: [
        "ann",
        "ANNA",
        "nna@exa",
        "part:anna@example.co",
        "part:anna@example.com",
        "an",
        "ann*",
        "example anna",
    ],
}


def test_everybody_is_found_as_a_whole_and_by_parts_whatever_the_letters_case(find, people):
    for person, several in TYPED.items():
        for typed in several:
            assert [row.reference for row in find(typed).rows] == [people[person.value]], typed


def test_an_exact_address_needs_no_index_of_parts(find, decided):
    spoken = decided(ANNA, indexed=False)
    assert [row.reference for row in find("anna@example.com").rows] == [spoken]


def test_an_exact_address_does_not_find_a_longer_one_but_says_how_to(find, decided):
    decided(Profile("email", "joanna@example.com"))
    found = find("anna@example.com")
    assert (found.rows, codes(found)) == ((), ["nobody"])
    assert len(find("part:anna@example.com").rows) == 1


def test_all_words_have_to_be_there(find, people):
    assert len(find("example com").rows) == 2


def test_a_beginning_does_not_stand_in_the_middle(find, decided):
    decided(Profile("email", "joanna@example.com"))
    decided(ANNA)
    assert masks(find("ann*")) == [ANNA.masked()]
    assert masks(find("an")) == [ANNA.masked()]
    assert len(find("ann").rows) == 2


def test_a_part_is_compared_letter_by_letter(find, decided):
    """Every three letters of it are there, but not in this order."""
    decided(Profile("email", "abcd.bcde@example.com"))
    assert find("abcde").rows == ()
    assert len(find("abcd").rows) == 1


def test_signs_of_patterns_are_letters(find, people):
    for typed in ("%", "_nna", "ann%", "a__a@example.com", "*", "?nna"):
        assert find(typed).rows == (), typed


def test_nothing_typed_breaks_the_search(find, people):
    for typed in HOSTILE.values():
        find(typed)


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=60))
def test_no_text_at_all_breaks_the_search(find, text):
    find(text)


def test_a_reference_is_found_in_any_spelling(find, people):
    spoken = people["C-1042"]
    for typed in (spoken, spoken.lower().replace("-", " "), f"reference:{spoken.replace('0', 'O')}"):
        assert [row.reference for row in find(typed).rows] == [spoken]


def test_letters_that_could_be_a_reference_are_also_a_part(find, decided):
    spoken = decided(Profile("email", "kowalskianna@example.com"))
    assert [row.reference for row in find("kowalskianna").rows] == [spoken]
    assert find("reference:kowalskianna").rows == ()


def test_the_system_that_a_decision_came_from_is_a_filter(decided, find):
    decided(ANNA, method="api", origin="crm")
    decided(BORIS, method="import", origin="shop")
    decided(BORIS, method="api", origin="crm", choice="opt-in")
    decided(BORIS)
    assert len(find("origin:crm").rows) == 2
    assert masks(find("origin:crm choice:out")) == [ANNA.masked()]
    assert len(find("origin:crm origin:shop").rows) == 3
    assert len(find("boris origin:shop").rows) == 1
    assert find("origin:cr").rows == ()


def test_filters_are_joined_and_values_of_one_are_alternatives(find, decided):
    decided(ANNA, campaign="spring", method="one-click", language="pl")
    decided(ANNA, campaign="autumn", method="page", language="en", choice="opt-in", agreement="alcohol")
    decided(BORIS, campaign="spring", method="page", language="pl")
    assert len(find("campaign:spring").rows) == 2
    assert len(find("campaign:spring campaign:autumn").rows) == 3
    assert masks(find("campaign:spring method:page")) == [BORIS.masked()]
    assert len(find("language:PL").rows) == 2
    assert len(find("choice:in").rows) == 1
    assert len(find("agreement:alcohol").rows) == 1
    assert len(find("anna campaign:spring").rows) == 1
    assert len(find("anna@example.com choice:in").rows) == 1
    assert find("campaign:spring campaign:autumn method:staff").rows == ()


def test_days_bound_the_answer(find, decided, clock):
    decided(ANNA)
    clock.advance(days=10)
    decided(BORIS)
    assert masks(find("after:2026-05-05")) == [BORIS.masked()]
    assert masks(find("before:2026-05-05")) == [ANNA.masked()]
    assert find("after:2026-05-05 before:2026-05-06").rows == ()
    assert masks(find("after:2026-05-04 before:2026-05-05 campaign:x")) == []


def test_an_old_decision_that_was_imported_late_is_found_by_its_day(find, decided, clock):
    decided(ANNA)
    now = clock._now
    clock._now = now.replace(year=2019)
    decided(BORIS)
    clock._now = now
    assert masks(find("before:2020-01-01")) == [BORIS.masked()]


def test_what_is_not_indexed_yet_is_found_by_filters_all_the_same(find, decided):
    decided(ANNA, campaign="spring")
    decided(BORIS, campaign="spring", indexed=False)
    assert len(find("campaign:spring").rows) == 2


def test_states_say_how_far_the_telling_is(find, decided, tell):
    decided(ANNA)
    tell()
    decided(BORIS)
    tell(lambda _: Refused("no"))
    decided(OBRIEN)
    tell(lambda _: Unreachable())
    decided(BY_ID)
    states = {row.masked: row.delivery for row in find("").rows}
    assert states == {
        ANNA.masked(): "confirmed",
        BORIS.masked(): "dead",
        OBRIEN.masked(): "telling",
        BY_ID.masked(): "telling",
    }
    assert masks(find("state:confirmed")) == [ANNA.masked()]
    assert masks(find("state:dead")) == [BORIS.masked()]
    assert masks(find("state:telling")) == [BY_ID.masked(), OBRIEN.masked()]
    assert masks(find("state:undelivered")) == [BY_ID.masked(), OBRIEN.masked(), BORIS.masked()]
    assert masks(find("state:dead state:confirmed")) == [BORIS.masked(), ANNA.masked()]
    assert masks(find("state:undelivered part:example")) == [OBRIEN.masked(), BORIS.masked()]
    assert find("state:undelivered method:staff").rows == ()


def test_a_reason_is_found_as_long_as_it_is_joined(find, decided, database, clock):
    decided(ANNA)
    decided(BORIS)
    with database.writing() as session:
        about = session.scalars(select(Decision).order_by(Decision.seq)).first()
        reasons.keep(session, about, code="too-many", words=None, language="en", now=clock.now())
        session.commit()
    assert masks(find("reason:too-many")) == [ANNA.masked()]
    assert masks(find("reason:too-many part:example")) == [ANNA.masked()]
    assert find("reason:other").rows == ()
    clock.advance(days=31)
    with database.writing() as session:
        reasons.unlink(session, clock.now())
        session.commit()
    assert find("reason:too-many").rows == ()


def test_the_address_that_came_back_finds_who_decided_by_another_identifier(find, decided, tell, indexer):
    decided(BY_ID)
    assert find("carla@example.com").rows == ()
    tell(lambda _: Accepted(), lambda _: Confirmed(email="Carla@example.com"))
    settle(indexer)
    for typed in ("carla@example.com", "carla", "car*", "ca", "C-1042", "rla@ex"):
        assert masks(find(typed)) == [BY_ID.masked()], typed


def test_an_address_that_changed_is_found_by_the_new_one_only(find, decided, tell, indexer):
    decided(BY_ID)
    tell(lambda _: Accepted(), lambda _: Confirmed(email="carla@example.com"))
    settle(indexer)
    decided(BY_ID, choice="opt-in")
    tell(lambda _: Accepted(), lambda _: Confirmed(email="nowak@example.com"))
    settle(indexer)
    assert len(find("nowak").rows) == 2
    assert find("carla").rows == ()


def test_pages_follow_each_other_without_a_gap(find, decided):
    spoken = [decided(Profile("email", f"p{number}@example.com"), method="staff") for number in range(23)][
        ::-1
    ]
    for typed in ("", "example", "method:staff", "state:telling"):
        found, token = [], None
        while True:
            page = find(typed, after=token, limit=5)
            found += [row.reference for row in page.rows]
            assert len(page.rows) <= 5
            token = page.next_token
            if token is None:
                break
        assert found == spoken, typed


def test_a_decision_that_comes_between_two_pages_moves_nothing(find, decided):
    for _ in range(4):
        decided(ANNA)
    first = find("anna", limit=2)
    decided(ANNA)
    second = find("anna", after=first.next_token, limit=2)
    assert len({row.seq for row in (*first.rows, *second.rows)}) == 4


def test_a_page_that_does_not_exist_is_the_first_one_and_that_is_said(find, people):
    for token in ("", "x", "=", "AAAA", "🙂", "' OR 1=1", "\x00", "-1", "A" * 16, "a" * 10_000):
        page = find("", after=token)
        assert len(page.rows) == 4
        assert codes(page) == ["bad-page"]


@given(st.text(max_size=40) | st.binary(max_size=16).map(lambda raw: raw.decode("latin-1")))
def test_no_text_is_taken_for_a_page_by_chance(text):
    assert tokens.read(text) is None


@given(st.integers(0, 2**63 - 1))
def test_a_page_comes_back_as_it_went(seq):
    assert tokens.read(tokens.write(seq)) == seq


def test_only_the_given_workspaces_are_searched(find, decided):
    decided(ANNA)
    decided(BORIS, workspace="other")
    decided(ANNA, workspace="other")
    for typed in (
        "",
        "example",
        "anna@example.com",
        "method:page",
        "state:telling",
        "choice:out",
        "after:2020",
    ):
        assert {row.workspace for row in find(typed).rows} == {"default"}, typed
        assert {row.workspace for row in find(typed, ("default", "other")).rows} == {"default", "other"}, (
            typed
        )
        assert {row.workspace for row in find(typed + " workspace:other", ("default", "other")).rows} == {
            "other"
        }
        assert find(typed, ()).rows == ()


def test_a_reference_of_another_workspace_is_not_found(find, decided):
    spoken = decided(ANNA, workspace="other")
    assert find(spoken).rows == ()
    assert len(find(spoken, ("other",)).rows) == 1


def test_a_workspace_that_is_not_ones_own_is_said_as_one_that_does_not_exist(find, decided):
    decided(ANNA, workspace="other")
    for name in ("other", "nowhere"):
        found = find(f"workspace:{name}")
        assert (found.rows, codes(found)) == ((), ["no-workspace"])


def test_rows_are_masked_and_only_the_own_door_shows_the_address(find, decided, tell, database, clock):
    decided(BY_ID)
    tell(lambda _: Accepted(), lambda _: Confirmed(email="carla@example.com"))
    [row] = find("").rows
    assert "C-1042" not in repr(row)
    with database.reading() as session:
        clear = reveal(session, row.workspace, row.digest, ["default"])
        assert reveal(session, row.workspace, row.digest, ["other"]) is None
        assert reveal(session, row.workspace, "0" * 32, ["default"]) is None
    assert (clear.kind, clear.identifier, clear.email) == ("customId", "C-1042", "carla@example.com")
    assert "carla" not in repr(clear)


def test_somebody_without_a_name_any_more_is_still_found_exactly(find, decided, database):
    decided(ANNA)
    with database.writing() as session:
        session.execute(update(Decision).values(identifier=None))
        session.execute(update(Consent).values(email=None, email_digest=None))
        session.commit()
    assert masks(find("anna@example.com")) == ["(erased)"]
