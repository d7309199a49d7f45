"""A burst is shown, and reversed by two people or not at all: each act is noted, and whoever is out apart from it stays out."""

import json
import re
from html import unescape

import pytest
from sqlalchemy import select

from resign.ledger.tables import Decision
from resign.profile import Profile
from tests.support.decisions import decision, record

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BURSTS = "/console/bursts/default"
BURST = f"{BURSTS}/1"
SHOWN = "All links of one mail within 44 seconds; the gateway's log says so."


@pytest.fixture
def ewa(as_staff, mia, burst):
    as_staff(1, "ewa", default="support")
    return mia


@pytest.fixture
def proposed(ewa, as_staff):
    """Ewa has proposed it, and Jan looks at it."""
    assert ewa.presses(ewa.opens(BURST), f"{BURST}/proposal", evidence=SHOWN).status_code == 303
    as_staff(2, "jan", default="support")
    return ewa


def opt_ins(database) -> list[Decision]:
    with database.reading() as session:
        return list(session.scalars(select(Decision).where(Decision.choice == "opt-in")))


def answers(editor, **typed: str):
    return editor.presses(editor.opens(BURST), f"{BURST}/answer", **typed)


@on_sqlite
def test_a_burst_is_listed_and_told_with_masked_people(ewa):
    listed = unescape(ewa.opens(BURSTS).text)
    for words in (
        "2026-05-04 10:11:12 UTC",
        "corp.example",
        "44 s",
        "autumn",
        "to be looked at",
        f'href="{BURST}"',
    ):
        assert words in listed, words
    page = ewa.opens(BURST)
    text = unescape(page.text)
    assert text.count("p•••@corp.example") == 12
    assert "person3@" not in text
    assert re.findall(r"<td>(\+\d+ s)</td>", text) == [f"+{number * 4} s" for number in range(12)]
    assert len(re.findall("<svg ", text)) == 2
    assert "/console/people/default/" in text
    assert "No burst from" in ewa.opens(f"{BURSTS}?from=2020-01-01&to=2020-01-31").text
    assert ewa.opens(f"{BURSTS}?to=9999-12-31").status_code == 422


def test_a_second_person_approves_and_everybody_sees_what_came_of_it(
    proposed, database, people, clock, reversing
):
    record(database, decision(clock, Profile("email", "person3@corp.example")))  # pressed again, later
    page = proposed.opens(BURST)
    assert SHOWN in unescape(page.text)
    assert opt_ins(database) == []
    refused = answers(proposed, do="approve")
    assert refused.status_code == 422
    assert "Tick that you have looked at the evidence" in refused.text
    assert answers(proposed, do="approve", sure="yes").status_code == 303
    while reversing.step():
        pass
    assert {(each.method, each.actor) for each in opt_ins(database)} == {("staff", "jan")}
    assert len(opt_ins(database)) == 11
    told = unescape(proposed.opens(BURST).text)
    assert told.count('<td class="words">opted in again</td>') == 11
    assert (
        told.count('<td class="words">left as it was: in already, or out apart from the burst too</td>') == 1
    )
    assert "Propose it once more" in told
    assert "How it stands: reversed." in told
    assert "Gone through so far" not in told
    assert ">reversed</td>" in proposed.opens(BURSTS).text
    deeds = [(deed.name, deed.staff_id, deed.action, json.loads(deed.detail)) for deed in people.deeds()]
    assert deeds == [
        ("ewa", 1, "proposed-reversal", {"burst": 1, "proposal": 1}),
        ("jan", 2, "approved-reversal", {"burst": 1, "proposal": 1}),
    ]
    assert "person" not in "".join(deed.detail for deed in people.deeds())


SAID = {
    "en": (
        "How it stands: being reversed.",
        "Gone through so far: %s of 12 opt-outs.",
        "being reversed, 4 May 2026",
        "opted in again",
        "Look again",
    ),
    "pl": (
        "Stan: w trakcie odwracania.",
        "Wypisy sprawdzone dotychczas: %s z 12.",
        "w trakcie odwracania, 4 maja 2026",
        "zapisane z powrotem",
        "Sprawdź ponownie",
    ),
}


@on_sqlite
@pytest.mark.parametrize("language", SAID)
def test_while_it_is_under_way_the_page_says_how_far(proposed, database, reversing, monkeypatch, language):
    monkeypatch.setattr("resign.reports.reversing.AT_ONCE", 5)
    standing, progress, before, opted_in, again = SAID[language]
    assert answers(proposed, do="approve", sure="yes").status_code == 303
    assert opt_ins(database) == []
    for done in (0, 5, 10):
        told = unescape(proposed.opens(f"{BURST}?l={language}").text)
        for words in (standing, progress % done, before, f'<progress max="12" value="{done}"', again):
            assert words in told, words
        assert told.count(f'<td class="words">{opted_in}</td>') == done
        assert len(opt_ins(database)) == done
        reversing.step()
    standing = standing.rpartition(": ")[2].removesuffix(".")
    assert standing not in proposed.opens(f"{BURSTS}?l={language}").text
    assert progress.partition(":")[0] not in unescape(proposed.opens(f"{BURST}?l={language}").text)


@on_sqlite
def test_one_that_is_under_way_is_listed_as_such(proposed):
    assert answers(proposed, do="approve", sure="yes").status_code == 303
    assert ">being reversed</td>" in proposed.opens(BURSTS).text


@on_sqlite
@pytest.mark.parametrize(("number", "name"), [(1, "ewa"), (1, "Ewa Nowak"), (9, "EWA")])
def test_nobody_approves_their_own_proposal_under_whatever_name(proposed, as_staff, database, number, name):
    as_staff(number, name, default="support")
    for typed in ({"do": "approve", "sure": "yes"}, {"do": "refuse", "why": "No."}):
        answer = answers(proposed, **typed)
        assert answer.status_code == 422
        assert "Somebody else has to answer what you proposed" in answer.text
    assert opt_ins(database) == []
    own = proposed.opens(BURST).text
    assert "Approve the reversal" not in own
    assert "Take the proposal back" in own


@on_sqlite
def test_who_proposed_it_takes_it_back_and_it_can_be_proposed_again(proposed, as_staff, people):
    assert answers(proposed, do="recall").status_code == 422
    as_staff(1, "ewa", default="support")
    assert answers(proposed, do="recall").status_code == 303
    page = unescape(proposed.opens(BURST).text)
    assert "taken back" in page
    assert "to be looked at" in page
    assert proposed.presses(proposed.opens(BURST), f"{BURST}/proposal", evidence="Better.").status_code == 303
    assert [deed.action for deed in people.deeds()] == [
        "proposed-reversal",
        "recalled-reversal",
        "proposed-reversal",
    ]


@on_sqlite
def test_a_refusal_needs_a_reason_and_is_kept(proposed, database):
    nothing = answers(proposed, do="refuse", why="  ")
    assert nothing.status_code == 422
    assert "Say why it is refused" in nothing.text
    assert answers(proposed, do="refuse", why="They wrote to us: <b>people</b> pressed.").status_code == 303
    page = proposed.opens(BURST).text
    assert "&lt;b&gt;people&lt;/b&gt;" in page
    assert "left as it is" in proposed.opens(BURSTS).text
    assert opt_ins(database) == []


@on_sqlite
def test_of_two_who_answer_at_once_the_second_sees_what_the_first_said(proposed, as_staff, database):
    form = proposed.opens(BURST)
    assert proposed.presses(form, f"{BURST}/answer", do="refuse", why="No scanner.").status_code == 303
    as_staff(3, "ola", default="support")
    form = proposed.opens(BURST)
    late = proposed.presses(form, f"{BURST}/answer", proposal="1", do="approve", sure="yes")
    assert late.status_code == 409
    assert "Somebody has answered this meanwhile" in late.text
    assert "No scanner." in late.text
    assert opt_ins(database) == []
    second = proposed.presses(form, f"{BURST}/proposal", evidence="A")
    assert second.status_code == 303
    assert proposed.presses(form, f"{BURST}/proposal", evidence="B").status_code == 409


@on_sqlite
def test_a_proposal_says_why(ewa, people):
    for evidence, says in (
        ("", "no person pressed"),
        (" \x00 ", "no person pressed"),
        ("x" * 4001, "At most 4,000"),
    ):
        answer = ewa.presses(ewa.opens(BURST), f"{BURST}/proposal", evidence=evidence)
        assert answer.status_code == 422
        assert says in answer.text
    assert "x" * 4001 in answer.text
    assert people.deeds() == []


@on_sqlite
def test_to_look_takes_any_of_three_roles_and_to_judge_takes_support_there(proposed, as_staff, database):
    for roles in ("marketer", "operator"):
        as_staff(5, "ola", default=roles)
        page = proposed.opens(BURST)
        assert page.status_code == 200
        assert f'action="{BURST}/' not in page.text
        assert "/console/people/" not in page.text
        for path in ("proposal", "answer"):
            refused = proposed.presses(page, f"{BURST}/{path}", proposal="1", do="approve", sure="yes")
            assert refused.status_code == 403
    as_staff(5, "ola", elsewhere="support")
    assert proposed.opens(BURST).status_code == 404
    assert proposed.presses(page, f"{BURST}/answer", do="approve", sure="yes").status_code == 404
    as_staff(5, "ola", default="admin")
    assert proposed.opens(BURST).status_code == 403
    assert opt_ins(database) == []


@on_sqlite
def test_numbers_of_nothing_are_said(proposed):
    for number in ("2", "0", "9" * 30):
        assert proposed.opens(f"{BURSTS}/{number}").status_code == 404, number
    form = proposed.opens(BURST)
    for proposal in ("", "2", "x", "-1", "9" * 30, "\u0663"):
        answer = proposed.presses(form, f"{BURST}/answer", proposal=proposal, do="approve", sure="yes")
        assert answer.status_code == 404, proposal
    assert answers(proposed, do="dance").status_code == 422
    for after in ("x", "-5", "9" * 30):
        assert proposed.opens(f"{BURST}?after={after}").status_code == 200


@on_sqlite
def test_a_large_burst_is_told_part_by_part(mia, database, clock, counted):
    record(
        database,
        *(
            decision(clock, Profile("email", f"somebody{number}@corp.example"), method="one-click")
            for number in range(130)
        ),
    )
    counted()
    first = mia.opens(BURST)
    [more] = re.findall(r'href="([^"]+after=\d+)#people"', first.text)
    second = mia.opens(more)
    assert [unescape(page.text).count("s•••@corp.example") for page in (first, second)] == [100, 30]
    assert "Those after these" not in second.text
