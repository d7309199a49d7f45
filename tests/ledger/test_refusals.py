"""Whoever reads the web's log learns that decisions are refused: at once, then once a minute with the count."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import OperationalError

from resign.ledger import Intake, LedgerUnavailable
from tests.support.decisions import ANNA, decision


@pytest.fixture
def away(database, monkeypatch):
    """The door to a ledger whose database is away; its clock stands still until a test moves it."""
    intake, seconds = Intake(database), [1000.0]

    def unreachable(*_):
        raise OperationalError(f"INSERT {ANNA.value}", {}, Exception(f"no answer for {ANNA.value}"))

    monkeypatch.setattr(intake._shared, "_commit", unreachable)
    monkeypatch.setattr(intake.refusals, "_now", lambda: seconds[0])
    return intake, seconds


def refused(intake, clock, count=1):
    for _ in range(count):
        with pytest.raises(LedgerUnavailable):
            intake.append(decision(clock))


def said(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "resign.ledger.intake"]


def test_the_first_refusal_is_said_at_once_and_the_next_ones_once_a_minute_with_their_count(
    away, clock, caplog
):
    intake, seconds = away
    refused(intake, clock)
    first = said(caplog)
    assert first == ["Decisions cannot be recorded (OperationalError): 1 refused since this was last said"]
    refused(intake, clock, 5)
    seconds[0] += 59
    refused(intake, clock)
    assert said(caplog) == first
    seconds[0] += 1
    refused(intake, clock)
    assert said(caplog)[1:] == [
        "Decisions cannot be recorded (OperationalError): 7 refused since this was last said"
    ]
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


def test_nobodys_address_is_in_it(away, clock, caplog):
    intake, _ = away
    refused(intake, clock)
    [record] = caplog.records
    assert "anna" not in str(record.__dict__).lower()
    assert record.exc_info is None


def test_many_at_once_are_one_line(away, clock, caplog):
    intake, seconds = away
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: refused(intake, clock), range(40)))
    assert len(said(caplog)) == 1
    seconds[0] += 60
    refused(intake, clock)
    assert "40 refused" in said(caplog)[1]


def test_a_ledger_that_is_well_says_nothing(database, clock, caplog):
    Intake(database).append(decision(clock))
    assert said(caplog) == []
