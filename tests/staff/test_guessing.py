"""Guessing is noted for those who read the deeds: once an hour for each account, and never what was typed."""

from sqlalchemy import event, select

from resign.staff.guessing import NO_ACCOUNT
from resign.staff.sign_in import check_code, check_password
from resign.staff.tables import Deed
from tests.staff.conftest import SEAL
from tests.staff.test_sign_in import WRONG, enrolled, fails


def noted(session) -> list[tuple[str, str]]:
    rows = session.execute(
        select(Deed.name, Deed.action).where(Deed.action.startswith("wrong-")).order_by(Deed.id)
    )
    return [(name, action) for name, action in rows]


def test_a_few_mistakes_are_nobodys_business_and_guessing_is_noted(session, clock, hire):
    hire("mia")
    fails(session, clock, 4)
    assert noted(session) == []
    fails(session, clock, 1)
    assert noted(session) == [("mia", "wrong-passwords")]


def test_a_flood_is_one_line_an_hour(session, clock, hire):
    hire("mia")
    for _ in range(50):
        fails(session, clock, 1)
        clock.advance(minutes=2)
    assert 1 <= len(noted(session)) <= 2


def test_names_that_nobody_has_share_one_line_and_are_not_kept(session, clock, hire):
    hire("mia")
    for name in ("my-secret-password", "hunter2", "\x00", "x" * 10_000):
        fails(session, clock, 6, name)
    assert noted(session) == [(NO_ACCOUNT, "wrong-passwords")]


def test_an_unknown_name_costs_the_same_statements_also_then(session, clock, hire):
    hire("mia")
    session.flush()
    costs = []
    for name in ("mia", "nobody"):
        fails(session, clock, 4, name)
        session.flush()
        said: list[str] = []

        def hear(*given, said=said):
            said.append(given[2])

        event.listen(session.get_bind().engine, "before_cursor_execute", hear)
        check_password(session, name, WRONG, clock.now())
        session.flush()
        event.remove(session.get_bind().engine, "before_cursor_execute", hear)
        costs.append(said)
    assert costs[0] == costs[1]
    assert any("INSERT INTO deeds" in statement for statement in costs[0])


def test_guessing_at_codes_is_noted_too(session, clock, hire):
    mia = hire("mia")
    enrolled(session, clock, mia)
    for _ in range(8):
        assert not check_code(session, mia.id, "000000", clock.now(), seal=SEAL)
    assert noted(session) == [("mia", "wrong-codes")]
