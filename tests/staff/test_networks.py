"""Whoever guesses makes their own network wait; the account's owner gets in where they usually are (E7)."""

import pytest
from sqlalchemy import event, func, select

from resign.staff import networks, throttle
from resign.staff.roles import Staff
from resign.staff.sign_in import FREE_FROM_ANYWHERE, Passed, Refused, check_password
from resign.staff.tables import Deed, UsualNetwork
from tests.staff.conftest import PASSWORD
from tests.staff.test_sign_in import WRONG

OFFICE, HOTEL = "digest of the office", "digest of the hotel"


def guesses(session, clock, times: int, network: str, name: str = "mia") -> list[int]:
    return [
        check_password(session, name, WRONG, clock.now(), network=network).wait_seconds for _ in range(times)
    ]


def flood(session, clock, name: str = "mia") -> None:
    """From so many networks that none of them has to wait by itself."""
    for number in range(FREE_FROM_ANYWHERE // 4):
        guesses(session, clock, 4, f"botnet {number}", name)


def arrives(session, clock, who, network: str) -> None:
    networks.remember(session, Staff(id=who.id, name=who.name, grants={}), network, clock.now())


def signs_in(session, clock, network: str, name: str = "mia") -> Passed | Refused:
    return check_password(session, name, PASSWORD, clock.now(), network=network)


def test_a_stranger_who_guesses_makes_nobody_wait_in_another_network(session, clock, hire):
    hire("mia")
    assert guesses(session, clock, 5, HOTEL) == [0, 0, 0, 0, 30]
    assert signs_in(session, clock, HOTEL) == Refused(30)
    assert isinstance(signs_in(session, clock, OFFICE), Passed)
    assert signs_in(session, clock, HOTEL) == Refused(30), "the owner's password clears nothing there"


@pytest.mark.parametrize("name", ["mia", "nobody"])
def test_from_many_networks_the_account_itself_is_guarded(session, clock, hire, name):
    hire("mia")
    flood(session, clock, name)
    assert signs_in(session, clock, "one more", name) == Refused(30)
    clock.advance(seconds=30)
    assert guesses(session, clock, 2, "one more", name) == [60, 60]
    clock.advance(seconds=60)
    waits = []
    for number in range(5):
        waits += guesses(session, clock, 1, f"yet another {number}", name)
        clock.advance(seconds=waits[-1])
    assert waits == [120, 240, 480, 900, 900]


def test_where_the_owner_usually_is_a_flood_from_elsewhere_keeps_nobody_out(session, clock, hire):
    mia = hire("mia")
    arrives(session, clock, mia, OFFICE)
    flood(session, clock)
    assert isinstance(signs_in(session, clock, OFFICE), Passed)
    assert signs_in(session, clock, HOTEL) == Refused(30), "the flood is not forgiven for it"
    assert guesses(session, clock, 5, OFFICE) == [0, 0, 0, 0, 30], "nor can anybody guess there"
    assert signs_in(session, clock, OFFICE) == Refused(30)


def test_one_account_s_usual_network_is_not_another_s(session, clock, hire):
    arrives(session, clock, hire("mia"), OFFICE)
    hire("leo")
    flood(session, clock, "leo")
    assert signs_in(session, clock, OFFICE, "leo") == Refused(30)


def test_who_signs_in_every_day_is_never_counted_as_guessing(session, clock, hire):
    hire("mia")
    for _ in range(FREE_FROM_ANYWHERE + 5):
        assert isinstance(signs_in(session, clock, OFFICE), Passed)
        clock.advance(hours=8)
    for _ in range(2):
        assert isinstance(signs_in(session, clock, HOTEL), Passed)


def test_tries_that_are_refused_unread_use_up_nothing_of_the_account_s_count(session, clock, hire):
    hire("mia")
    guesses(session, clock, 5 + 3 * FREE_FROM_ANYWHERE, HOTEL)
    assert isinstance(signs_in(session, clock, OFFICE), Passed)


def test_a_usual_network_is_forgotten_after_two_months_and_there_are_ten_at_most(session, clock, hire):
    mia = hire("mia")
    for number in range(networks.MOST + 2):
        arrives(session, clock, mia, f"place {number}")
        clock.advance(minutes=1)
    assert not networks.is_usual(session, "mia", "place 1", clock.now())
    assert networks.is_usual(session, "mia", "place 2", clock.now())
    clock.advance(days=30)
    arrives(session, clock, mia, "place 2")
    clock.advance(days=31)
    assert not networks.is_usual(session, "mia", "place 3", clock.now())
    assert networks.any_to_forget(session, clock.now())
    assert networks.forget(session, clock.now()) == networks.MOST - 1
    assert networks.is_usual(session, "mia", "place 2", clock.now())
    assert not networks.any_to_forget(session, clock.now())


def test_who_comes_by_an_identity_provider_leaves_no_network(session, clock, hire):
    networks.remember(session, Staff(id=hire("mia").id, name="oidc:mia", grants={}), OFFICE, clock.now())
    assert session.scalar(select(func.count()).select_from(UsualNetwork)) == 0


def test_an_unknown_name_costs_the_same_statements_in_every_stage(session, clock, hire):
    hire("mia")
    session.flush()
    costs = []
    for name in ("mia", "nobody"):
        said: list[str] = []

        def hear(*given, said=said):
            said.append(given[2])

        event.listen(session.get_bind().engine, "before_cursor_execute", hear)
        flood(session, clock, name)
        guesses(session, clock, 1, "one more", name)
        clock.advance(seconds=30)
        guesses(session, clock, 6, HOTEL, name)
        session.flush()
        event.remove(session.get_bind().engine, "before_cursor_execute", hear)
        costs.append(said)
    assert costs[0] == costs[1]


def test_a_flood_from_many_networks_is_noted(session, clock, hire):
    hire("mia")
    flood(session, clock)
    assert session.scalars(select(Deed.name).where(Deed.action == "wrong-passwords")).all() == ["mia"]


def test_after_a_day_it_begins_anew(session, clock, hire):
    hire("mia")
    flood(session, clock)
    clock.advance(days=1)
    assert throttle.forget(session, clock.now()) == FREE_FROM_ANYWHERE // 4 + 1
    assert isinstance(signs_in(session, clock, HOTEL), Passed)
