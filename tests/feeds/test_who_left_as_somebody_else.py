"""Somebody with two identifiers who has left: no file leaves their opt-out out, or switches them on."""

import pytest

from resign.ledger.tables import Consent
from resign.profile import Profile
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY

OF_CRM = {"origin": "crm", "method": "api"}
ONE, ANOTHER = Profile("customId", "C-1"), Profile("clientId", "7")
COLUMNS = "columns = {identifier = 'identifier', choice = 'choice', agreement = 'agreement'}\n"


@pytest.fixture
def read_back(database, clock):
    """What reading a profile back taught: whose address it has."""

    def note(profile, email) -> None:
        with database.writing() as session:
            session.add(
                Consent(
                    workspace="default", digest=profile.digest(DIGEST_KEY), agreement="newsletter", choice="opt-in",
                    decision_seq=0, since=clock.now(), email=email.value, email_digest=email.digest(DIGEST_KEY),
                )
            )  # fmt: skip
            session.commit()

    return note


def told(crm):
    return [tuple(row) for name in crm.files for row in crm.rows(name)]


@pytest.mark.parametrize("more", ["", "agreements = ['newsletter', 'wine']\n"])
def test_an_opt_out_stays_in_the_file_where_a_newer_one_came_as_somebody_else(feed, decides, read_back, more):
    crm = feed(more + COLUMNS)
    read_back(ONE, ANNA)
    decides(ANNA)
    decides(ANNA, "opt-in", agreement="wine")
    decides(BORIS, "opt-in")
    decides(ONE, **OF_CRM)
    crm.runs()
    assert (ANNA.value, "opt-out", "newsletter") in told(crm)


def test_two_whose_address_is_the_same_may_be_one_person(feed, decides, read_back):
    crm = feed(COLUMNS)
    read_back(ONE, ANNA)
    read_back(ANOTHER, ANNA)
    decides(ONE, "opt-in")
    decides(ANOTHER)
    crm.runs()
    assert [row[:2] for row in told(crm)] == [(ANOTHER.value, "opt-out")]


def test_an_opt_out_of_ours_is_told_where_the_systems_own_comes_before_the_file_is_read(
    feed, decides, monkeypatch
):
    crm = feed()
    decides(ANNA, "opt-in")
    crm.runs()
    decides(ANNA)
    spooled = crm.feeding._send

    def and_then(*given):
        monkeypatch.undo()
        decides(ANNA, **OF_CRM)
        return spooled(*given)

    monkeypatch.setattr(crm.feeding, "_send", and_then)
    crm.runs()
    assert [row[2] for row in crm.rows(crm.files[0]) + crm.rows(crm.files[1])] == ["opt-in", "opt-out"]
