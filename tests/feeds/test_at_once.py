"""A feed that is told of everything at once: each decision is in a file, in one, and only the newest counts."""

from datetime import UTC, datetime

from sqlalchemy import select

from resign.feeds.tables import FeedFile
from resign.ledger.tables import Consent
from resign.profile import Profile
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY


def test_what_was_decided_is_in_a_file_that_synerise_can_import(feed, decides):
    crm = feed()
    decides(ANNA)
    crm.runs()
    assert crm.files == ["default-crm-changes-00000001.csv"]
    text = (crm.folder / crm.files[0]).read_bytes()
    assert (
        text == b"email,agreement,choice,at\r\nanna@example.com,newsletter,opt-out,2026-05-04T10:11:13Z\r\n"
    )


def test_nothing_new_makes_no_file(feed, decides):
    crm = feed()
    crm.runs()
    decides(ANNA)
    crm.runs()
    crm.runs()
    assert len(crm.files) == 1


def test_the_next_file_holds_what_came_since(feed, decides):
    crm = feed()
    decides(ANNA)
    crm.runs()
    decides(BORIS)
    decides(ANNA, "opt-in")
    crm.runs()
    assert [row[0::2] for row in crm.rows(crm.files[1])] == [
        ["boris@example.com", "opt-out"], ["anna@example.com", "opt-in"],
    ]  # fmt: skip


def test_of_one_person_only_the_newest_is_told(feed, decides):
    crm = feed()
    decides(ANNA)
    decides(ANNA, "opt-in")
    decides(ANNA)
    crm.runs()
    assert [row[2] for row in crm.rows(crm.files[0])] == ["opt-out"]


def test_what_came_from_that_system_is_not_sent_back_and_ends_what_was_on_its_way(feed, decides):
    crm = feed()
    decides(ANNA, origin="crm", method="api")
    decides(BORIS, "opt-in")
    decides(BORIS, origin="crm", method="api")
    crm.runs()
    assert crm.files == []
    decides(ANNA, origin="shop", method="api")
    crm.runs()
    assert crm.told == ["anna@example.com"]


def test_each_file_is_noted_with_how_far_it_goes(feed, decides, database):
    crm = feed()
    decides(ANNA)
    decides(Profile("customId", "C-1042"))
    crm.runs()
    with database.reading() as session:
        [noted] = session.scalars(select(FeedFile))
    assert (noted.name, noted.rows, noted.left_out, noted.after) == (crm.files[0], 1, 1, 0)
    assert noted.bytes == len((crm.folder / noted.name).read_bytes())


def test_agreements_that_it_does_not_hear_of_are_left_out_and_everything_is_told_as_each(feed, decides):
    crm = feed("agreements = ['wine']")
    decides(ANNA)
    decides(BORIS, agreement="all")
    crm.runs()
    assert [row[:3] for row in crm.rows(crm.files[0])] == [["boris@example.com", "wine", "opt-out"]]


def test_an_opt_in_is_not_told_after_everything_was_stopped(feed, decides):
    crm = feed()
    decides(ANNA, "opt-in", agreement="wine")
    decides(ANNA, agreement="all")
    crm.runs()
    assert [row[1:3] for row in crm.rows(crm.files[0])] == [["all", "opt-out"]]


def test_an_opt_in_is_not_told_after_an_opt_out_by_the_address_that_was_read_back(feed, decides, database):
    crm, boris_by_number = feed(), Profile("customId", "C-7")
    decides(boris_by_number, "opt-in")
    decides(BORIS)
    decides(ANNA, "opt-in")
    with database.writing() as session:
        session.add(
            Consent(
                workspace="default", digest=boris_by_number.digest(DIGEST_KEY), agreement="newsletter", choice="opt-in",
                decision_seq=1, since=datetime(2026, 5, 4, tzinfo=UTC), email=BORIS.value,
                email_digest=BORIS.digest(DIGEST_KEY),
            )
        )  # fmt: skip
        session.commit()
    crm.runs()
    assert [(row[0], row[2]) for name in crm.files for row in crm.rows(name)] == [
        ("boris@example.com", "opt-out"), ("anna@example.com", "opt-in"),
    ]  # fmt: skip
    decides(boris_by_number, "opt-in")
    crm.runs()
    assert crm.told[-1] == "boris@example.com"


def test_workspaces_do_not_hear_of_each_other(feed, decides):
    crm = feed()
    decides(ANNA, workspace="other")
    crm.runs()
    assert crm.files == []


def test_many_decisions_of_others_are_passed_over_for_good(feed, database, clock):
    from tests.support.decisions import decision, record  # noqa: PLC0415

    crm = feed("agreements = ['wine']")
    several = [decision(clock, Profile("email", f"p{number}@example.com")) for number in range(501)]
    record(database, *several)
    crm.runs()
    assert crm.lane("changes").seen == 501
