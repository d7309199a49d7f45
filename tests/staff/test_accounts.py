"""Accounts: one spelling each, passwords that hold, roles given by those who may, and always an admin left."""

import threading

import pytest
from sqlalchemy import select

from resign.db import Database
from resign.staff import accounts, names, passwords
from resign.staff.refusals import (
    BAD_NAME,
    BAD_ROLE,
    IS_THE_NAME,
    LAST_ADMIN,
    NAME_TAKEN,
    NOT_YOURS,
    SENTENCES,
    TOO_LONG,
    TOO_SHORT,
    TOO_USUAL,
    StaffRefusal,
)
from resign.staff.roles import EVERYWHERE, Staff
from resign.staff.tables import Account, Deed
from tests.staff.conftest import PASSWORD, SHELL


def refused(call, *given, **more) -> str:
    with pytest.raises(StaffRefusal) as caught:
        call(*given, **more)
    assert str(caught.value) in SENTENCES
    return str(caught.value)


def test_there_is_no_account_until_somebody_adds_one(session):
    assert accounts.accounts(session) == []


def test_two_spellings_are_one_account(session, clock, hire):
    hire("Mia Ström")
    for again in ("mia ström", "MIA  STRÖM", "Mia Stro\u0308m", "\uff2d\uff49\uff41 Ström"):
        assert refused(accounts.add, session, again, PASSWORD, clock.now(), SHELL) == NAME_TAKEN
    assert accounts.account_named(session, " MIA STRÖM ").name == "mia ström"


@pytest.mark.parametrize(
    "name",
    ["", "   ", "a" * 65, "mi\x00a", "mi\na", "mi\u200ba", "mi\u202ea", "mi\ud800a", "oidc:mia", "ß" * 33],
)
def test_what_cannot_be_a_name_is_refused(name):
    assert refused(names.checked, name) == BAD_NAME


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("elevenchars", TOO_SHORT),
        ("x" * 1_001, TOO_LONG),
        ("Margarethe Wells", IS_THE_NAME),
        ("Password1234", TOO_USUAL),
        ("qwertyuiop123!", TOO_USUAL),
        ("aaaaaaaaaaaaaa", TOO_USUAL),
    ],
)
def test_a_password_that_would_not_hold_is_refused(password, why):
    assert refused(passwords.check, password, "margarethe wells") == why


@pytest.mark.parametrize(
    "password", ["żółta łódź 🚤 na redzie", "            .,;:!?", "longer" * 160, "\ud800 and more text"]
)
def test_any_other_password_is_taken_as_it_is(password):
    passwords.check(password, "mia")
    kept = passwords.hashed(password)
    assert kept.startswith("$argon2id$")
    assert passwords.matches(kept, password)
    assert not passwords.matches(kept, password[:-1])


def test_what_is_refused_is_refused_where_an_account_is_added_or_changed(session, clock, hire):
    mia = hire("mia")
    assert refused(accounts.add, session, "mi\x00a", PASSWORD, clock.now(), SHELL) == BAD_NAME
    assert refused(accounts.add, session, "leo", "elevenchars", clock.now(), SHELL) == TOO_SHORT
    assert refused(accounts.set_password, session, mia, "elevenchars", clock.now(), SHELL) == TOO_SHORT


def test_what_is_done_to_an_account_is_noted_without_its_password(session, clock, hire):
    mia = hire("mia", "support@shop")
    accounts.revoke(session, mia, "support", "shop", clock.now(), SHELL)
    accounts.set_password(session, mia, "another one altogether", clock.now(), SHELL)
    accounts.reset_second_factor(session, mia, clock.now(), SHELL)
    accounts.disable(session, mia, clock.now(), SHELL)
    accounts.enable(session, mia, clock.now(), SHELL)
    deeds = session.scalars(select(Deed).order_by(Deed.id)).all()
    assert [(deed.action, deed.workspace, deed.name) for deed in deeds] == [
        ("added-staff", None, SHELL.name),
        ("granted-role", "shop", SHELL.name),
        ("revoked-role", "shop", SHELL.name),
        ("reset-password", None, SHELL.name),
        ("reset-second-factor", None, SHELL.name),
        ("disabled-staff", None, SHELL.name),
        ("enabled-staff", None, SHELL.name),
    ]
    assert all('"account": "mia"' in deed.detail for deed in deeds)
    assert "altogether" not in "".join(deed.detail for deed in deeds)


def test_a_role_is_given_once_and_taken_once(session, clock, hire):
    mia = hire("mia")
    for changed in (True, False):
        assert accounts.grant(session, mia, "support", "shop", clock.now(), SHELL) == changed
    for changed in (True, False):
        assert accounts.revoke(session, mia, "support", "shop", clock.now(), SHELL) == changed
    assert refused(accounts.grant, session, mia, "root", "shop", clock.now(), SHELL) == BAD_ROLE


def test_an_admin_of_one_workspace_gives_no_role_elsewhere(session, clock, hire):
    ada = accounts.staff_of(session, hire("ada", "admin@shop"))
    mia = hire("mia")
    assert accounts.grant(session, mia, "support", "shop", clock.now(), ada)
    for place in ("club", EVERYWHERE):
        assert refused(accounts.grant, session, mia, "support", place, clock.now(), ada) == NOT_YOURS
    me = accounts.account_named(session, "ada")
    assert refused(accounts.grant, session, me, "admin", EVERYWHERE, clock.now(), ada) == NOT_YOURS


def test_who_has_roles_elsewhere_is_not_an_admin_of_one_workspace_s_to_change(session, clock, hire):
    """Setting somebody's password is becoming them."""
    ada = accounts.staff_of(session, hire("ada", "admin@shop"))
    stranger = Staff(id=77, name="sam", grants={"shop": frozenset({"support"})})
    mine, also_club, head = (
        hire("mia", "support@shop"),
        hire("leo", "support@shop", "support@club"),
        hire("eve", "admin@*"),
    )
    for who in (also_club, head):
        for change in (accounts.disable, accounts.enable, accounts.reset_second_factor):
            assert refused(change, session, who, clock.now(), ada) == NOT_YOURS
        assert refused(accounts.set_password, session, who, PASSWORD, clock.now(), ada) == NOT_YOURS
    accounts.set_password(session, mine, "another one altogether", clock.now(), ada)
    assert refused(accounts.disable, session, mine, clock.now(), stranger) == NOT_YOURS


def test_the_last_active_admin_stays_one(session, clock, hire):
    ada, eve = hire("ada", "admin@*"), hire("eve", "admin@*")
    by = accounts.staff_of(session, ada)
    accounts.disable(session, eve, clock.now(), by)
    assert refused(accounts.disable, session, ada, clock.now(), by) == LAST_ADMIN
    assert refused(accounts.revoke, session, ada, "admin", "*", clock.now(), by) == LAST_ADMIN
    accounts.enable(session, eve, clock.now(), by)
    accounts.revoke(session, ada, "admin", "*", clock.now(), by)
    accounts.disable(session, eve, clock.now(), SHELL, force=True)


def test_an_admin_of_one_workspace_is_no_stand_in_for_one_of_all(session, clock, hire):
    ada = hire("ada", "admin@*")
    hire("leo", "admin@shop")
    assert refused(accounts.disable, session, ada, clock.now(), SHELL) == LAST_ADMIN


def test_two_admins_who_disable_one_another_at_once_leave_one(database: Database, clock):
    """Both see two admins before either has written; the second has to wait and see again."""
    with database.writing() as session:
        for name in ("ada", "eve"):
            who = accounts.add(session, name, PASSWORD, clock.now(), SHELL)
            accounts.grant(session, who, "admin", EVERYWHERE, clock.now(), SHELL)
        session.commit()
    both = threading.Barrier(2)
    outcomes = []

    def disables(other: str) -> None:
        both.wait()
        with database.writing() as session:
            who = accounts.account_named(session, other)
            try:
                accounts.disable(session, who, clock.now(), SHELL)
                session.commit()
                outcomes.append("done")
            except StaffRefusal as refusal:
                outcomes.append(str(refusal))

    threads = [threading.Thread(target=disables, args=(name,)) for name in ("ada", "eve")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == sorted(["done", LAST_ADMIN])
    with database.reading() as session:
        assert len(session.scalars(select(Account).where(Account.state == "active")).all()) == 1
