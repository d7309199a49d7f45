"""An opt-out on behalf in the console: asked first, durable before the answer, and never refused because of others."""

import json
import re

import pytest
from sqlalchemy import select, text

from resign.ledger.tables import Decision
from resign.profile import Profile
from tests.console.acting.conftest import SOUND, form, said
from tests.support.decisions import BORIS, choices
from tests.support.looked_after import person_path


def newest(database) -> Decision:
    with database.reading() as session:
        return session.scalars(select(Decision).order_by(Decision.seq.desc()).limit(1)).one()


def test_it_is_recorded_with_its_basis_and_the_persons_page_says_so(support, people, database):
    people.decides(choice="opt-in")
    page = support.opens("opt-out")
    assert "newsletter: in. Decided 4 May 2026, 10:12 UTC, on the page." in said(page)
    assert choices(database) == ["opt-in"], "opening asks only"
    answer = support.presses(page, **SOUND)
    story = said(support.follows(answer))
    assert "Recorded: this person is out." in story
    for words in (
        "Opted out of newsletter.",
        "by staff",
        "Ada",
        "She rang and asked.",
        "by phone",
        "2026-05-04",
    ):
        assert words in story, words
    decision = newest(database)
    assert (decision.choice, decision.method, decision.actor) == ("opt-out", "staff", "Ada")
    [deed] = [deed for deed in people.deeds() if deed.action == "opted-out"]
    assert (deed.workspace, deed.subject) == ("default", decision.digest)
    assert json.loads(deed.detail) == {
        "agreement": "newsletter", "asked_on": "2026-05-04", "basis": "She rang and asked.", "channel": "phone",
        "decision": str(decision.id),
    }  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"basis": " "}, "Say on what this rests"),
        ({"basis": "write to anna@example.com"}, "This holds an e-mail address"),
        ({"basis": "x" * 1001}, "1,000 characters at most"),
        ({"basis": "a\x1bb"}, "a character that no text has"),
        ({"basis": "a\x00b\ud7ff\ufffe"}, "a character that no text has"),
        ({"channel": "pigeon"}, "Choose how the person asked"),
        ({"asked_on": ""}, "Give the day"),
        ({"asked_on": "2026-05-09"}, "still to come"),
        ({"asked_on": "\u0664"}, "This is no day"),
        ({"agreement": "horses"}, "Choose what it is about"),
        ({"agreement": "x" * 100_000}, "Choose what it is about"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_all_that_was_typed_is_there(
    support, people, database, wrong, words
):
    people.decides(choice="opt-in")
    page = support.does("opt-out", **{**SOUND, **wrong})
    assert page.status_code == 422
    assert words in said(page)
    kept = {name: [value] for name, value in {**SOUND, **wrong}.items() if name not in wrong}
    assert kept.items() <= form(page).items()
    if "basis" in wrong and wrong["basis"].strip() and "\x00" not in wrong["basis"]:
        assert form(page)["basis"] == [wrong["basis"]]
    assert choices(database) == ["opt-in"]
    assert support.deeds() == []


def test_a_race_does_not_refuse_it_and_is_told(support, people, database, clock):
    people.decides(choice="opt-in")
    page = support.opens("opt-out")
    support.is_("Mia").does("opt-out", **SOUND)
    clock.advance(minutes=1)
    answer = support.is_("Ada").presses(page, **SOUND)
    assert "Somebody was here meanwhile, which changes nothing" in said(support.follows(answer))
    assert choices(database) == ["opt-in", "opt-out", "opt-out"]


def test_what_cannot_be_recorded_is_not_said_to_be(support, people, database):
    people.decides(choice="opt-in")
    page = support.opens("opt-out")
    break_the_ledger(database)
    answer = support.presses(page, **SOUND)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "This could not be recorded" in said(answer)
    assert form(answer)["basis"] == [SOUND["basis"]]
    mend_the_ledger(database)
    assert choices(database) == ["opt-in"]
    assert support.deeds() == []
    assert support.presses(answer).status_code == 303
    assert choices(database) == ["opt-in", "opt-out"]


def break_the_ledger(database) -> None:
    """Every insert fails from now on, as on a full disk."""
    if database.is_sqlite:
        run(
            database,
            "CREATE TRIGGER broken BEFORE INSERT ON decisions BEGIN SELECT RAISE(ABORT, 'full'); END",
        )
        return
    run(
        database,
        "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = 'disk_full'; END $$",
        "CREATE TRIGGER broken BEFORE INSERT ON decisions FOR EACH ROW EXECUTE FUNCTION broken()",
    )


def mend_the_ledger(database) -> None:
    run(database, "DROP TRIGGER broken" + ("" if database.is_sqlite else " ON decisions"))


def run(database, *statements: str) -> None:
    with database.writing() as session:
        for statement in statements:
            session.execute(text(statement))
        session.commit()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestSomebodyNew:
    path = "/console/people/default/new"

    def test_they_are_recorded_and_masked_from_then_on(self, support, database):
        page = support.client.get(self.path)
        answer = support.presses(page, **SOUND, kind="email", identifier="  boris@example.com ")
        story = support.follows(answer)
        assert str(story.url.path) == person_path(BORIS)
        assert "b•••@example.com" in said(story)
        assert "boris@example.com" not in story.text
        assert newest(database).identifier == "boris@example.com"
        assert ("Ada", "opted-out") in support.deeds()

    @pytest.mark.parametrize(
        ("typed", "kind", "identifier"),
        [
            ("boris@example.com", "email", "boris@example.com"),
            ("customId:C/1042", "customId", "C/1042"),
            ("C-1042", "customId", "C-1042"),
            ("77001", "clientId", "77001"),
            ("boris smith", "email", ""),
            ("method:one-click", "email", ""),
        ],
    )
    def test_what_was_looked_for_in_vain_stands_in_the_form(self, support, mia, typed, kind, identifier):
        """And in no address line, where it would be kept."""
        search = support.client.get("/console/search")
        answer = mia.presses(search, "/console/search", q=typed)
        found = support.client.get(answer.headers["Location"])
        [way] = re.findall(r'href="(/console/people/default/new[^"]*)"', found.text)
        assert identifier == "" or identifier not in way
        page = support.client.get(way)
        assert re.search(r'id="identifier" name="identifier" value="([^"]*)"', page.text)[1] == identifier
        assert f'<option value="{kind}" selected>' in page.text
        if identifier:
            story = support.follows(support.presses(page, **SOUND))
            assert story.url.path == person_path(Profile(kind, identifier))

    @pytest.mark.parametrize(
        ("kind", "identifier", "profile"),
        [
            ("customId", "C/1042", Profile("customId", "C/1042")),
            ("clientId", "17", Profile("clientId", "17")),
        ],
    )
    def test_by_any_identifier(self, support, database, kind, identifier, profile):
        answer = support.presses(support.client.get(self.path), **SOUND, kind=kind, identifier=identifier)
        assert support.follows(answer).url.path == person_path(profile)
        assert (newest(database).kind, newest(database).identifier) == (kind, identifier)

    @pytest.mark.parametrize(
        ("kind", "identifier"),
        [
            ("email", ""), ("email", "boris"), ("clientId", "boris@example.com"), ("pigeon", "boris@example.com"),
            ("email", "a\x00@example.com"), ("email", "\U0001f642@example.com"), ("email", "x" * 300 + "@example.com"),
        ],
    )  # fmt: skip
    def test_nobody_is_guessed_at(self, support, database, kind, identifier):
        page = support.presses(support.client.get(self.path), **SOUND, kind=kind, identifier=identifier)
        assert page.status_code == 422
        assert "This cannot be an address or an id of the kind that was chosen" in said(page)
        assert form(page)["basis"] == [SOUND["basis"]]
        assert choices(database) == []

    def test_a_search_that_finds_nobody_leads_there(self, support):
        assert f'href="{self.path}"' in support.client.get("/console/search?q=campaign:nowhere").text

    def test_all_that_is_wrong_is_said_at_once(self, support):
        page = said(support.presses(support.client.get(self.path), identifier="x", channel=""))
        for words in (
            "This cannot be an address or an id",
            "Choose how the person asked",
            "Give the day",
            "Say on what this rests",
        ):
            assert words in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_support_of_the_workspace_may(support, people):
    people.decides()
    for grants in ({"default": "marketer operator admin"}, {"default": "admin"}):
        support.is_("Max", **grants)
        assert {support.opens(act).status_code for act in ACTS} == {403}
        assert {support.client.post(f"{support.path}/{act}").status_code for act in ACTS} == {403}
    support.is_("Max", other="support")
    assert {support.opens(act).status_code for act in ACTS} == {404}


ACTS = ("opt-out", "undo", "tell-again", "check-now", "send-link")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_somebody_unknown_there_is_no_page(support):
    for digest in ("0" * 32, "x", "%00", "0" * 32 + "%0a", "a" * 4000, "%f0%9f%99%82"):
        path = f"/console/people/default/{digest}"
        assert {support.client.get(f"{path}/{act}").status_code for act in ACTS} == {404}
