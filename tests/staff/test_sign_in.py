"""Signing in: every way of being refused looks and costs the same, and guessing gets slow (E7)."""

import threading

import pyotp
import pytest
from argon2 import extract_parameters
from sqlalchemy import event

from resign.db import Database
from resign.staff import accounts, passwords, recovery, second_factor, sessions, throttle
from resign.staff.sign_in import Passed, Refused, begin, check_code, check_password, code_wait, settle
from resign.web.limits import SignInLimit
from tests.staff.conftest import PASSWORD, SEAL, SHELL

WRONG = "not this one, surely"


def fails(session, clock, times: int, name: str = "mia") -> Refused:
    for _ in range(times):
        answer = check_password(session, name, WRONG, clock.now())
    return answer


def enrolled(session, clock, who) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    app = pyotp.TOTP(second_factor.offer(session, who, "password", seal=SEAL).secret)
    codes = second_factor.enrol(session, who, "password", app.at(clock.now()), clock.now(), seal=SEAL)
    clock.advance(minutes=2)
    return app, codes


def test_the_right_password_passes_and_says_what_is_still_to_come(session, clock, hire):
    mia = hire("mia")
    assert check_password(session, "mia", PASSWORD, clock.now()) == Passed(mia.id, "enrolment")
    optional = check_password(session, " MIA ", PASSWORD, clock.now(), second_factor="optional")
    assert optional == Passed(mia.id, "nothing")
    enrolled(session, clock, mia)
    assert check_password(session, "mia", PASSWORD, clock.now(), second_factor="optional") == Passed(
        mia.id, "code"
    )


def test_whatever_is_wrong_the_answer_is_one(session, clock, hire):
    hire("mia")
    accounts.disable(session, hire("away"), clock.now(), SHELL)
    for name in ("mia", "nobody", "away", "\x00", "\ud800", "x" * 10_000, ""):
        password = WRONG if name == "mia" else PASSWORD
        assert check_password(session, name, password, clock.now()) == Refused(0), name


def test_any_password_can_be_typed(session, clock, hire):
    hire("mia")
    for password in ("", "\x00", "\ud800", "x" * 100_000):
        assert check_password(session, "mia", password, clock.now()) == Refused(0)


def test_an_unknown_name_costs_the_same_statements_and_one_comparison(session, clock, hire, monkeypatch):
    hire("mia")
    session.flush()
    compared, statements = [], []
    verify = passwords._hasher.__class__.verify
    monkeypatch.setattr(
        passwords._hasher.__class__,
        "verify",
        lambda *given: compared.append(extract_parameters(given[1])) or verify(*given),
    )
    event.listen(session.connection(), "before_cursor_execute", lambda *given: statements.append(given[2]))
    seen = []
    for name in ("mia", "nobody"):
        statements.clear()
        compared.clear()
        check_password(session, name, WRONG, clock.now())
        seen.append((list(statements), list(compared)))
    assert seen[0] == seen[1]
    assert len(seen[0][1]) == 1


@pytest.mark.parametrize("name", ["mia", "nobody"])
def test_after_five_failures_each_try_waits_longer_and_never_for_ever(session, clock, hire, name):
    hire("mia")
    assert fails(session, clock, 4, name) == Refused(0)
    waits = []
    for _ in range(9):
        waits.append(fails(session, clock, 1, name).wait_seconds)
        clock.advance(seconds=waits[-1])
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900, 900]


def test_during_the_wait_the_right_password_is_refused_too_and_counts_for_nothing(session, clock, hire):
    hire("mia")
    fails(session, clock, 5)
    clock.advance(seconds=10)
    assert check_password(session, "mia", PASSWORD, clock.now()) == Refused(20)
    clock.advance(seconds=20)
    assert isinstance(check_password(session, "mia", PASSWORD, clock.now()), Passed)
    assert fails(session, clock, 4) == Refused(0)


def test_one_account_s_failures_are_not_another_s(session, clock, hire):
    hire("mia")
    hire("leo")
    fails(session, clock, 5)
    assert isinstance(check_password(session, "leo", PASSWORD, clock.now()), Passed)


def test_many_at_once_share_no_try(session, clock, hire):
    """Each counts before its password is compared, so a burst has five comparisons and not as many as it likes."""
    hire("mia")
    burst = [begin(session, "mia", clock.now()) for _ in range(20)]
    assert sum(not isinstance(each, Refused) for each in burst) == throttle.FREE_FAILURES


def test_what_was_compared_with_an_old_password_passes_nobody(session, clock, hire):
    mia = hire("mia")
    attempt = begin(session, "mia", clock.now())
    accounts.set_password(session, mia, "another one altogether", clock.now(), SHELL)
    assert settle(session, attempt, PASSWORD, clock.now(), right=attempt.is_right(PASSWORD)) == Refused(0)


def test_a_hash_of_older_parameters_is_made_anew(session, clock, hire):
    mia = hire("mia")
    mia.password = weak = passwords.PasswordHasher(time_cost=2, memory_cost=32).hash(PASSWORD)
    assert isinstance(check_password(session, "mia", PASSWORD, clock.now()), Passed)
    assert mia.password != weak
    assert mia.password.startswith("$argon2id$")
    assert not passwords.is_outdated(mia.password)


def test_what_is_asked_for_today_is_no_less_than_rfc_9106_recommends():
    """Its second recommendation: 64 MiB, three times, four lanes."""
    asked = passwords.PasswordHasher()
    assert (asked.memory_cost, asked.time_cost, asked.parallelism) == (65536, 3, 4)


def test_a_code_is_right_for_half_a_minute_either_side_and_once(session, clock, hire):
    mia = hire("mia")
    app, _ = enrolled(session, clock, mia)
    now = clock.now()
    for seconds, right in ((-60, False), (60, False), (-30, True), (-30, False), (30, True), (0, False)):
        assert check_code(session, mia.id, app.at(now.timestamp() + seconds), now, seal=SEAL) == right, (
            seconds
        )


def test_the_code_that_enrolled_signs_nobody_in(session, clock, hire):
    mia = hire("mia")
    app = pyotp.TOTP(second_factor.offer(session, mia, "password", seal=SEAL).secret)
    second_factor.enrol(session, mia, "password", app.at(clock.now()), clock.now(), seal=SEAL)
    assert not check_code(session, mia.id, app.at(clock.now()), clock.now(), seal=SEAL)


def test_a_recovery_code_works_once_however_it_is_typed(session, clock, hire):
    mia, leo = hire("mia"), hire("leo")
    _, codes = enrolled(session, clock, mia)
    enrolled(session, clock, leo)
    assert len(set(codes)) == recovery.CODES
    typed = codes[0].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert not check_code(session, leo.id, typed, clock.now(), seal=SEAL)
    assert check_code(session, mia.id, typed, clock.now(), seal=SEAL)
    assert not check_code(session, mia.id, codes[0], clock.now(), seal=SEAL)
    assert recovery.left(session, mia.id) == recovery.CODES - 1
    fresh = recovery.renew(session, mia.id)
    assert not check_code(session, mia.id, codes[1], clock.now(), seal=SEAL)
    assert check_code(session, mia.id, fresh[1], clock.now(), seal=SEAL)


def test_wrong_codes_slow_down_and_a_right_password_does_not_begin_anew(session, clock, hire):
    mia = hire("mia")
    app, _ = enrolled(session, clock, mia)
    for _ in range(5):
        assert isinstance(check_password(session, "mia", PASSWORD, clock.now()), Passed)
        assert not check_code(session, mia.id, "000000", clock.now(), seal=SEAL)
    assert code_wait(session, mia.id, clock.now()) == 30
    assert not check_code(session, mia.id, app.at(clock.now()), clock.now(), seal=SEAL)
    clock.advance(seconds=30)
    assert check_code(session, mia.id, app.at(clock.now()), clock.now(), seal=SEAL)
    assert code_wait(session, mia.id, clock.now()) == 0


def test_any_code_can_be_typed(session, clock, hire):
    mia = hire("mia")
    enrolled(session, clock, mia)
    for code in ("", "\ud800", "١٢٣٤٥٦", "x" * 10_000, "\x00"):
        assert not check_code(session, mia.id, code, clock.now(), seal=SEAL), code


def test_nobody_without_a_second_factor_passes_with_a_code(session, clock, hire):
    mia = hire("mia")
    assert not check_code(session, mia.id, "", clock.now(), seal=SEAL)
    assert not check_code(session, 99, "000000", clock.now(), seal=SEAL)


def test_a_session_ends_when_somebody_else_sets_the_password(session, clock, hire):
    mia = hire("mia")
    token = sessions.open_session(session, mia.id, clock.now(), agent="", level="full")
    accounts.set_password(session, mia, "another one altogether", clock.now(), SHELL)
    assert sessions.session_of(session, token, clock.now()) is None


def test_a_network_that_tries_many_names_waits_and_its_neighbours_do_not(clock):
    limit = SignInLimit(per_minute=3)
    assert [limit.wait(f"192.0.2.{host}", clock.now()) for host in range(3)] == [0, 0, 0]
    assert 1 <= limit.wait("192.0.2.77", clock.now()) <= 60
    assert limit.wait("198.51.100.1", clock.now()) == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_whoever_is_right_takes_nothing_away_from_a_try_that_is_being_counted(database: Database, clock):
    """On SQLite one waits for the other before it begins."""
    with database.writing() as session:
        throttle.count(session, "mia", clock.now())
        session.commit()

    def clears() -> None:
        with database.writing() as session:
            throttle.clear(session, "mia")
            session.commit()

    right = threading.Thread(target=clears)

    def is_right_meanwhile(*executed) -> None:
        if "INSERT INTO failed_sign_ins" in executed[2]:
            right.start()
            right.join(0.5)

    event.listen(database.engine, "after_cursor_execute", is_right_meanwhile)
    with database.writing() as session:
        assert throttle.count(session, "mia", clock.now()) == 0
        session.commit()
    right.join()
