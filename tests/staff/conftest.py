"""Accounts in a database of the test's own, and somebody at the shell who makes them."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher

from resign.db import Database
from resign.staff import accounts, passwords
from resign.staff.roles import EVERYWHERE, ROLES, Staff
from resign.staff.sealing import Seal
from resign.staff.tables import Account
from tests.support.clock import StandingClock

SHELL = Staff(id=0, name="root (shell)", grants={EVERYWHERE: frozenset(ROLES)})
PASSWORD = "three herons on a roof"
SEAL = Seal([b"a digest key of the tests"])


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch):
    """The product's own take a twentieth of a second each, and 64 MiB."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobody.cache_clear()
    yield
    passwords._nobody.cache_clear()


@pytest.fixture
def session(database: Database):
    """One transaction for the whole test; what it does is never committed."""
    with database.writing() as opened:
        yield opened


@pytest.fixture
def hire(session, clock: StandingClock) -> Callable[..., Account]:
    """An account with its roles: `hire("mia", "support@shop", "admin@*")`."""

    def made(name: str, *grants: str, password: str = PASSWORD) -> Account:
        who = accounts.add(session, name, password, clock.now(), SHELL)
        for each in grants:
            role, _, workspace = each.partition("@")
            accounts.grant(session, who, role, workspace, clock.now(), SHELL)
        return who

    return made
