"""Many statements at once: weighed, written, and the same without being written."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from resign.ledger import ALL, uploading
from resign.ledger.arriving import Statement
from resign.ledger.hashed import plain_hash, suppressed
from resign.ledger.tables import Consent, Decision, HashedOptOut
from resign.ledger.uploading import upload
from resign.profile import Profile
from tests.support.decisions import decision, record
from tests.support.pressing import pressed_after

DIGEST_KEY = b"digest-secret-of-the-tests"
ANNA, BARTEK = Profile("email", "anna@example.com"), Profile("customId", "C-7")
DAY = timedelta(days=1)


@pytest.fixture
def uploads(database, clock):
    def upload_them(*statements, dry=False):
        with database.writing() as session:
            found = upload(
                session, "default", DIGEST_KEY, statements, method="import", actor="mia", origin="crm",
                now=clock.now(), dry=dry,
            )  # fmt: skip
            session.commit()
        return [each.verdict for each in found]

    return upload_them


def says(choice, profile=ANNA, agreement="newsletter", at=None, evidence=None):
    return Statement(profile=profile, agreement=agreement, choice=choice, at=at, evidence=evidence)


def rows(database):
    with database.reading() as session:
        return session.execute(
            select(Decision.agreement, Decision.choice, Decision.origin, Decision.evidence, Decision.owed).order_by(Decision.seq)
        ).all()  # fmt: skip


def test_what_is_recorded_says_where_it_came_from_and_is_owed(database, uploads, clock):
    assert (
        uploads(says("opt-out"), says("opt-in", BARTEK, at=clock.now() - DAY, evidence="form 7"))
        == ["recorded"] * 2
    )
    assert rows(database) == [
        ("newsletter", "opt-out", "crm", None, True),
        ("newsletter", "opt-in", "crm", "form 7", True),
    ]


def test_the_same_person_twice_in_one_upload_is_weighed_against_the_first(database, uploads):
    assert uploads(says("opt-out"), says("opt-out"), says("opt-in", evidence="form 7")) == [
        "recorded", "known", "opted-out",
    ]  # fmt: skip
    assert len(rows(database)) == 1


def test_a_press_while_an_opt_in_is_weighed_is_the_newer_of_the_two(database, uploads, clock, monkeypatch):
    """It comes just after we have looked where the person stands: overruled by what we write then, it would be lost."""
    uploads(says("opt-out", at=clock.now() - DAY))
    press = partial(record, database, decision(clock, ANNA))
    with pressed_after(monkeypatch, uploading, "_standings", press):
        assert uploads(says("opt-in", at=clock.now(), evidence="form 7")) == ["recorded"]
    assert [(row.choice, row.origin) for row in rows(database)] == [
        ("opt-out", "crm"), ("opt-in", "crm"), ("opt-out", None),
    ]  # fmt: skip


def test_a_dry_run_says_the_same_and_writes_nothing(database, uploads):
    several = (says("opt-out"), says("opt-in"), says("opt-in", BARTEK))
    assert uploads(*several, dry=True) == uploads(*several)
    assert len(rows(database)) == 2
    assert set(uploads(*several, dry=True)) == {"known", "opted-out"}


def test_everything_is_overruled_by_a_newer_opt_in_to_one_of_them(database, uploads, clock):
    uploads(says("opt-in", at=clock.now() - DAY, evidence="form 7"))
    old = clock.now() - 2 * DAY
    said = [says("opt-out", agreement=name, at=old) for name in ("newsletter", "wine", ALL)]
    assert uploads(*said) == ["newer-opt-in", "recorded", "newer-opt-in"]
    new = [says("opt-out", agreement=name, at=clock.now()) for name in ("newsletter", "wine", ALL)]
    assert uploads(*new) == ["recorded", "known", "recorded"]
    assert uploads(*new) == ["known"] * 3
    with pytest.raises(ValueError, match="everything"):
        uploads(says("opt-in", agreement=ALL))
    assert [row.agreement for row in rows(database)] == ["newsletter", "wine", "newsletter", ALL]


def test_everything_holds_for_an_agreement_that_was_never_decided_on(uploads, clock):
    uploads(says("opt-out", agreement=ALL))
    assert uploads(says("opt-in", agreement="wine", at=clock.now() - DAY, evidence="form 7")) == ["opted-out"]


def test_a_hash_on_a_list_keeps_an_address_from_being_opted_in(database, uploads, clock):
    with database.writing() as session:
        for each, agreement, kind in (
            (plain_hash(" Anna@Example.com "), "newsletter", "sha256"),
            (Profile("email", "eva@example.com").digest(DIGEST_KEY), ALL, "keyed"),
        ):
            session.add(
                HashedOptOut(workspace="default", agreement=agreement, hash=each, kind=kind, at=clock.now())
            )
        session.commit()
    eva = Profile("email", "eva@example.com")
    assert uploads(says("opt-in", evidence="x"), says("opt-in", agreement="wine"), says("opt-in", eva)) == [
        "suppressed", "recorded", "suppressed",
    ]  # fmt: skip
    with database.reading() as session:
        assert set(suppressed(session, "default", DIGEST_KEY, [ANNA, eva, BARTEK], ["newsletter", "wine"])) == {
            (ANNA, "newsletter"), (eva, "newsletter"), (eva, "wine"),
        }  # fmt: skip
        assert session.scalar(select(func.count()).select_from(Decision)) == 1


@pytest.mark.parametrize(
    ("dated", "evidence", "verdict"),
    [
        (False, None, "recorded"),
        (False, "CRM", "recorded"),
        (True, None, "recorded"),
        (True, "form 7", "newer-opt-in"),
    ],
)
def test_a_list_of_subscribers_does_not_shut_out_the_list_of_those_who_left(
    uploads, clock, dated, evidence, verdict
):
    """The one has no dates, and is brought first; the other has. Nobody may be mailed for that order."""
    uploads(says("opt-in", at=clock.now() - DAY if dated else None, evidence=evidence))
    clock.advance(days=1)
    old = says("opt-out", at=clock.now() - 9 * DAY)
    assert uploads(old, dry=True) == [verdict]
    assert uploads(old) == [verdict]


def test_in_one_upload_too(uploads, clock):
    assert uploads(says("opt-in", evidence="CRM"), says("opt-out", at=clock.now() - DAY)) == ["recorded"] * 2


@pytest.mark.parametrize(("left", "opted_in"), [(BARTEK, ANNA), (ANNA, BARTEK)])
@pytest.mark.parametrize("everything", [False, True])
def test_nobody_is_opted_in_who_left_under_another_identifier(
    database, uploads, clock, left, opted_in, everything
):
    with database.writing() as session:
        session.add(
            Consent(
                workspace="default", digest=BARTEK.digest(DIGEST_KEY), agreement="newsletter", choice="opt-in",
                decision_seq=0, since=clock.now() - 9 * DAY, email=ANNA.value, email_digest=ANNA.digest(DIGEST_KEY),
            )
        )  # fmt: skip
        session.commit()
    names = ("newsletter", ALL) if everything else ("newsletter",)
    uploads(*(says("opt-out", left, agreement=name) for name in names))
    clock.advance(days=1)
    before = clock.now() - 2 * DAY
    assert uploads(says("opt-in", opted_in)) == ["opted-out"]
    assert uploads(says("opt-in", opted_in, at=before, evidence="form 7")) == ["opted-out"]
    assert uploads(says("opt-in", opted_in, at=clock.now())) == ["no-evidence"]
    assert uploads(says("opt-in", opted_in, at=clock.now(), evidence="form 7")) == ["recorded"]


def test_what_an_import_brought_and_the_api_says_as_well_is_recorded_for_itself(database, uploads, clock):
    """The import may be taken back; whoever was told that the opt-out is kept relies on it."""
    uploads(says("opt-out"))

    def by_the_api():
        with database.writing() as session:
            [found] = upload(
                session, "default", DIGEST_KEY, [says("opt-out")], method="api", actor="crm", origin=None,
                now=clock.now(),
            )  # fmt: skip
            session.commit()
        return found.verdict

    assert [by_the_api(), by_the_api()] == ["recorded", "known"]
