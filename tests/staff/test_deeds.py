"""What was noted is found by who, where, what and about whom, page by page, and is forgotten after three years (E5)."""

import json
from datetime import timedelta

from sqlalchemy import delete, func, select

from resign.keeping import Keeping
from resign.staff import accounts, deeds, networks, sessions, sign_in
from resign.staff.audit import note
from resign.staff.roles import Staff
from resign.staff.tables import Deed, FailedSignIns, StaffSession, UsualNetwork
from tests.staff.conftest import PASSWORD, SHELL

MIA, LEO = (Staff(id=number, name=name, grants={}) for number, name in enumerate(("mia", "leo"), 1))


def numbers(page: deeds.Page) -> list[int]:
    return [deed.id for deed in page.deeds]


def test_the_newest_come_first_and_every_page_goes_on_where_the_last_one_ended(session, clock):
    for _ in range(2 * deeds.PAGE + 1):
        note(session, MIA, "searched", clock.now(), workspace="shop")
    session.flush()
    read, before, pages = [], None, 0
    while pages == 0 or before is not None:
        page = deeds.deeds(session, before=before)
        note(session, LEO, "searched", clock.now())  # what comes meanwhile moves nothing
        session.flush()
        read, before, pages = read + numbers(page), page.older, pages + 1
    assert pages == 3
    assert read == sorted(read, reverse=True)
    assert len(set(read)) == 2 * deeds.PAGE + 1


def test_they_are_found_by_who_where_what_and_about_whom(session, clock):
    for by, action, workspace, subject in (
        (MIA, "searched", "shop", None),
        (MIA, "opened-person", "shop", "d1"),
        (LEO, "opened-person", "club", "d2"),
        (LEO, "signed-in", None, None),
    ):
        note(session, by, action, clock.now(), workspace=workspace, subject=subject)
        session.flush()
    first = session.scalar(select(func.min(Deed.id)))

    def found(**wanted):
        return [number - first for number in numbers(deeds.deeds(session, **wanted))]

    assert found() == [3, 2, 1, 0]
    assert found(name="MIA") == [1, 0]
    assert found(workspace="club") == [2]
    assert found(action="opened-person") == [2, 1]
    assert found(subjects=["d1"]) == [1]
    assert found(name="leo", action="opened-person", subjects=["d1"]) == []
    assert found(within=["shop"]) == [1, 0]
    assert found(within=[]) == []


def test_they_are_found_by_their_days_also_where_numbers_are_missing(session, clock):
    begun = clock.now()
    for number in range(40):
        note(session, MIA, "searched", clock.now(), number=number)
        session.flush()
        clock.advance(hours=6)
    session.execute(delete(Deed).where(Deed.id % 3 == 0))

    def found(**wanted):
        return [json.loads(deed.detail)["number"] for deed in deeds.deeds(session, **wanted).deeds]

    everything = found()
    for days in (-1, 0, 1, 5, 9, 10, 30):
        edge = begun + timedelta(days=days)
        later = [number for number in everything if begun + timedelta(hours=6 * number) >= edge]
        assert found(since=edge) == later, days
        assert found(until=edge) == [number for number in everything if number not in later], days
    assert found(since=begun + timedelta(days=5), until=begun + timedelta(days=5)) == []
    session.execute(delete(Deed))
    assert found(since=begun) == found(until=begun) == []


def test_the_worker_forgets_what_is_over(database, clock, workspace):
    keeping = Keeping(database, {"default": workspace}, clock)
    with database.writing() as session:
        mia = accounts.add(session, "mia", PASSWORD, clock.now(), SHELL)
        sessions.open_session(session, mia.id, clock.now(), agent="", level="full")
        sign_in.check_password(session, "nobody", PASSWORD, clock.now())
        networks.remember(session, Staff(id=mia.id, name="mia", grants={}), "the office", clock.now())
        session.commit()

    def kept() -> list[int | None]:
        while keeping.step():
            pass
        with database.reading() as session:
            return [
                session.scalar(select(func.count()).select_from(each))
                for each in (StaffSession, FailedSignIns, UsualNetwork, Deed)
            ]

    assert kept() == [1, 2, 1, 1]
    clock.advance(minutes=31)
    assert kept() == [0, 2, 1, 1]
    clock.advance(days=1)
    assert kept() == [0, 0, 1, 1]
    clock.advance(days=60)
    assert kept() == [0, 0, 0, 1]
    clock.advance(seconds=deeds.KEPT.total_seconds() - timedelta(days=62).total_seconds())
    assert kept() == [0, 0, 0, 1]
    clock.advance(days=2)
    assert kept() == [0, 0, 0, 0]
