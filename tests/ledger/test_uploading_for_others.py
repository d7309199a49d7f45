"""Nobody is opted in by an upload who leaves in the same one, or left before, under another identifier."""

from datetime import timedelta

import pytest

from resign.imports.pretended import Pretended
from resign.ledger import ALL
from resign.ledger.arriving import Statement
from resign.ledger.tables import Consent
from resign.ledger.uploading import upload
from resign.profile import Profile
from tests.support.decisions import ANNA, DIGEST_KEY, decision, record

ONE, ANOTHER = Profile("customId", "C-1"), Profile("clientId", "7")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def both_are_anna(database, clock):
    """As far as the addresses tell that were read back of them."""
    with database.writing() as session:
        for each in (ONE, ANOTHER):
            session.add(
                Consent(
                    workspace="default", digest=each.digest(DIGEST_KEY), agreement="newsletter", choice="opt-in",
                    decision_seq=0, since=clock.now(), email=ANNA.value, email_digest=ANNA.digest(DIGEST_KEY),
                )
            )  # fmt: skip
        session.commit()


@pytest.fixture(params=["run", "dry"])
def uploads(request, database, clock, tmp_path):
    """Each chunk in a transaction of its own; the verdicts of all."""
    dry = request.param == "dry"
    pretended = Pretended(tmp_path / "pretended.db")

    def take(*chunks):
        verdicts = []
        for chunk in chunks:
            with database.writing() as session:
                found = upload(
                    session, "default", DIGEST_KEY, chunk, method="import", actor="mia", origin="crm", now=clock.now(),
                    dry=dry, pretended=pretended.standings if dry else None,
                )  # fmt: skip
                if dry:
                    pretended.add(zip(chunk, found, strict=True), clock.now())
                else:
                    session.commit()
            verdicts += [each.verdict for each in found]
        return verdicts

    yield take
    pretended.close()


@pytest.fixture
def says(clock):
    def make(choice, profile, days, agreement="newsletter"):
        at = clock.now() - days * DAY
        return Statement(profile=profile, agreement=agreement, choice=choice, at=at, evidence="form 7")

    return make


@pytest.mark.parametrize("in_one", [True, False])
@pytest.mark.parametrize(("left", "comes"), [(ONE, ANNA), (ANNA, ONE), (ONE, ANOTHER)])
def test_an_older_opt_in_behind_the_opt_out_is_not_taken(uploads, says, left, comes, in_one):
    out, back = says("opt-out", left, 1), says("opt-in", comes, 9)
    assert uploads(*([[out, back]] if in_one else [[out], [back]])) == ["recorded", "opted-out"]


def test_nor_behind_one_of_everything(uploads, says):
    outs = [says("opt-out", ONE, 1), says("opt-out", ONE, 1, ALL)]
    assert uploads([*outs, says("opt-in", ANNA, 9)])[-1] == "opted-out"


def test_a_newer_opt_in_is(uploads, says):
    assert uploads([says("opt-out", ONE, 9), says("opt-in", ANNA, 1)]) == ["recorded", "recorded"]


def test_nor_where_the_press_was_made_as_a_third(uploads, says, database, clock):
    record(database, decision(clock, ANOTHER))
    clock.advance(days=1)
    assert uploads([says("opt-in", ONE, 9)]) == ["opted-out"]
