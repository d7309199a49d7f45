"""Accounts of the identity provider: known by its own name for them, with the roles of today, merged with nobody."""

import re

import pytest

from resign.staff import accounts, sessions
from resign.staff.federated import welcome
from resign.staff.refusals import NOT_LOCAL, StaffRefusal
from resign.staff.sign_in import Refused, check_password
from tests.staff.conftest import PASSWORD, SHELL

ISSUER = "https://login.example.com"
SUPPORT = {("support", "shop")}


def test_whoever_is_in_a_group_that_is_known_gets_an_account(session, clock):
    mia = welcome(session, ISSUER, "1", "Mia", SUPPORT, clock.now())
    assert (mia.name, mia.is_local) == ("oidc:mia", False)
    assert accounts.staff_of(session, mia).may({"support"}, "shop")
    assert welcome(session, ISSUER, "1", "Mia of Malmö", SUPPORT, clock.now()).id == mia.id


def test_without_a_group_there_is_no_account(session, clock):
    assert welcome(session, ISSUER, "1", "mia", set(), clock.now()) is None
    assert accounts.accounts(session) == []


def test_the_roles_are_those_of_today(session, clock):
    mia = welcome(session, ISSUER, "1", "mia", {("admin", "*"), ("support", "shop")}, clock.now())
    token = sessions.open_session(session, mia.id, clock.now(), agent="", level="full")
    welcome(session, ISSUER, "1", "mia", {("marketer", "shop")}, clock.now())
    assert accounts.staff_of(session, mia).grants == {"shop": {"marketer"}}
    assert welcome(session, ISSUER, "1", "mia", set(), clock.now()) is None
    assert accounts.staff_of(session, mia).grants == {}
    assert sessions.session_of(session, token, clock.now()) is None


def test_nobody_becomes_somebody_else_by_choosing_a_name(session, clock, hire):
    local = hire("mia", "admin@*")
    first = welcome(session, ISSUER, "1", "mia", SUPPORT, clock.now())
    second = welcome(session, ISSUER, "2", "MIA", SUPPORT, clock.now())
    elsewhere = welcome(session, "https://other.example", "1", "mia", SUPPORT, clock.now())
    assert len({local.id, first.id, second.id, elsewhere.id}) == 4
    assert len({each.name for each in (local, first, second, elsewhere)}) == 4


def test_what_is_no_name_is_replaced_by_a_digest(session, clock):
    for subject, called in enumerate(("", "mi\x00a", "\ud800", "x" * 60, "a:b")):
        made = welcome(session, ISSUER, str(subject), called, SUPPORT, clock.now())
        assert re.fullmatch(r"oidc:[0-9a-f]{16}", made.name)


def test_what_was_disabled_here_stays_out(session, clock):
    mia = welcome(session, ISSUER, "1", "mia", SUPPORT, clock.now())
    accounts.disable(session, mia, clock.now(), SHELL)
    assert welcome(session, ISSUER, "1", "mia", SUPPORT, clock.now()) is None


def test_it_has_no_password_and_no_role_of_ours(session, clock):
    mia = welcome(session, ISSUER, "1", "mia", SUPPORT, clock.now())
    for change, *given in (
        (accounts.set_password, PASSWORD),
        (accounts.grant, "admin", "*"),
        (accounts.revoke, "support", "shop"),
    ):
        with pytest.raises(StaffRefusal, match=NOT_LOCAL[:20]):
            change(session, mia, *given, clock.now(), SHELL)
    assert check_password(session, "oidc:mia", "", clock.now()) == Refused(0)
