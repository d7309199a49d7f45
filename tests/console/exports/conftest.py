"""A ledger behind the console, the worker's chore beside it, and somebody else who is signed in."""

import pytest
from flask import g

from resign.exports.exporter import Exporter
from resign.search.indexer import Indexer
from resign.staff.roles import Staff
from resign.staff.sessions import SignedIn
from tests.support.decisions import DIGEST_KEY, decision, record

LEO = Staff(id=8, name="leo", grants={"default": frozenset({"support"})})


@pytest.fixture
def decided(database, clock):
    """So many people opt out, or those that are named."""

    def decide(*profiles, **more):
        record(database, *(decision(clock, profile, **more) for profile in profiles))
        indexer = Indexer(database, clock)
        while indexer.step():
            pass

    return decide


@pytest.fixture
def worker(database, clock):
    """So many pieces, or all of them."""
    exporter = Exporter(database, {"default": DIGEST_KEY}, clock, rows=2)

    def work(steps=1_000):
        while steps and exporter.step():
            steps -= 1

    return work


@pytest.fixture
def signed_in(console, clock):
    """Lets somebody else be the one who asks."""

    def sign_in(staff: Staff) -> None:
        def is_them() -> None:
            g.recognised = SignedIn(8, staff, "full", clock.now(), clock.now())

        console.before_request_funcs.setdefault(None, []).insert(0, is_them)

    return sign_in
