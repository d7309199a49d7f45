"""What a second factor is made of cannot be read in the database, and opens whatever workspace is added."""

import logging

import pyotp
import pytest
from sqlalchemy import select, update

from resign.staff import accounts, second_factor
from resign.staff.sealing import Seal
from resign.staff.sign_in import check_code
from resign.staff.tables import Account
from tests.staff.conftest import SEAL, SHELL
from tests.staff.test_sign_in import enrolled

CLEAR = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def kept(session, who: Account) -> str:
    session.flush()
    return session.scalar(select(Account.totp_secret).where(Account.id == who.id))


def test_neither_what_is_offered_nor_what_is_taken_up_stands_in_the_database(session, clock, hire):
    mia = hire("mia")
    offer = second_factor.offer(session, mia, "password", seal=SEAL)
    assert offer == second_factor.offer(session, mia, "password", seal=SEAL)
    offered = session.scalar(select(Account.totp_offered).where(Account.id == mia.id))
    assert offered.startswith("s1.")
    assert len(offered) <= 64
    code = pyotp.TOTP(offer.secret).at(clock.now())
    second_factor.enrol(session, mia, "password", code, clock.now(), seal=SEAL)
    assert offer.secret not in kept(session, mia)
    assert SEAL.opened(kept(session, mia), mia.id) == offer.secret


def test_one_that_was_kept_in_clear_works_and_is_sealed_by_its_next_code(session, clock, hire):
    mia = hire("mia")
    mia.totp_secret = CLEAR
    session.flush()
    assert not check_code(session, mia.id, "000000", clock.now(), seal=SEAL)
    assert kept(session, mia) == CLEAR
    assert check_code(session, mia.id, pyotp.TOTP(CLEAR).at(clock.now()), clock.now(), seal=SEAL)
    assert kept(session, mia).startswith("s1.")
    clock.advance(minutes=1)
    assert check_code(session, mia.id, pyotp.TOTP(CLEAR).at(clock.now()), clock.now(), seal=SEAL)


def test_a_workspace_that_is_added_before_the_others_takes_nothing_away(session, clock, hire):
    mia = hire("mia")
    app, _ = enrolled(session, clock, mia)
    more = Seal([b"of the new one", b"a digest key of the tests"])
    before = kept(session, mia)
    assert check_code(session, mia.id, app.at(clock.now()), clock.now(), seal=more)
    assert kept(session, mia) != before
    assert Seal([b"of the new one"]).opened(kept(session, mia), mia.id) == app.secret, "it is sealed anew"


def test_with_none_of_the_keys_no_code_is_right_and_the_log_says_why(session, clock, hire, caplog):
    mia = hire("mia")
    app, _ = enrolled(session, clock, mia)
    with caplog.at_level(logging.ERROR):
        assert not check_code(session, mia.id, app.at(clock.now()), clock.now(), seal=Seal([b"another"]))
    assert "opens with none of the keys" in caplog.text
    assert app.secret not in caplog.text


def test_what_was_written_into_another_row_is_worth_nothing_there(session, clock, hire):
    mia, eve = hire("mia"), hire("eve")
    _, _ = enrolled(session, clock, mia)
    app, _ = enrolled(session, clock, eve)
    mia.totp_secret = kept(session, eve)
    session.flush()
    assert not check_code(session, mia.id, app.at(clock.now()), clock.now(), seal=SEAL)


def test_one_that_is_taken_away_at_this_moment_does_not_come_back(session, clock, hire):
    mia = hire("mia")
    app, _ = enrolled(session, clock, mia)
    session.flush()
    session.execute(
        update(Account).where(Account.id == mia.id).values(totp_secret=None),
        execution_options={"synchronize_session": False},
    )
    assert not second_factor.is_right(session, mia, app.at(clock.now()), clock.now(), seal=SEAL)
    assert kept(session, mia) is None
    accounts.reset_second_factor(session, mia, clock.now(), SHELL)


@pytest.mark.parametrize("damaged", ["s1.", "s1.x", "s1.!!!", "s1." + "A" * 48, "s1.\u017c"])
def test_what_is_damaged_opens_with_no_key(damaged):
    assert SEAL.opened(damaged, 1) is None
    with pytest.raises(ValueError, match="a key"):
        Seal([])


def test_what_was_kept_in_clear_is_sealed_also_of_those_who_never_come(session, clock, hire):
    mia, leo, zoe = hire("mia"), hire("leo"), hire("zoe")
    mia.totp_secret, leo.totp_offered = CLEAR, CLEAR
    app, _ = enrolled(session, clock, zoe)
    before = kept(session, zoe)
    assert second_factor.is_any_clear(session)
    assert second_factor.seal_what_is_clear(session, SEAL) == 2
    assert not second_factor.is_any_clear(session)
    assert second_factor.seal_what_is_clear(session, SEAL) == 0
    session.expire_all()
    assert kept(session, mia).startswith("s1.")
    assert SEAL.opened(leo.totp_offered, leo.id) == CLEAR
    assert kept(session, zoe) == before
    assert check_code(session, mia.id, pyotp.TOTP(CLEAR).at(clock.now()), clock.now(), seal=SEAL)
    assert check_code(session, zoe.id, app.at(clock.now()), clock.now(), seal=SEAL)
