"""Sessions are the server's: idle and absolute ends, new tokens, and none that outlives its account (E8)."""

from sqlalchemy import select

from resign.staff import accounts, sessions
from resign.staff.tables import StaffSession
from tests.staff.conftest import SHELL

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def opened(session, clock, who, level: sessions.Level = "full") -> str:
    return sessions.open_session(session, who.id, clock.now(), agent=FIREFOX, level=level)


def test_a_token_opens_its_own_session_with_the_roles_of_today(session, clock, hire):
    mia = hire("mia", "support@shop")
    token = opened(session, clock, mia)
    found = sessions.session_of(session, token, clock.now())
    assert (found.staff.id, found.staff.name, found.level) == (mia.id, "mia", "full")
    accounts.revoke(session, mia, "support", "shop", clock.now(), SHELL)
    assert not sessions.session_of(session, token, clock.now()).staff.may({"support"}, "shop")


def test_only_the_digest_is_kept(session, clock, hire):
    token = opened(session, clock, hire("mia"))
    row = session.scalars(select(StaffSession)).one()
    assert len(token) >= 43
    assert token not in {str(getattr(row, column.name)) for column in StaffSession.__table__.columns}
    for other in (row.digest, "", "x", "\ud800", "\x00", token + "x"):
        assert sessions.session_of(session, other, clock.now()) is None


def test_it_ends_after_half_an_hour_without_a_request_and_after_twelve_with_any(session, clock, hire):
    mia = hire("mia")
    idle, busy = opened(session, clock, mia), opened(session, clock, mia)
    ends = clock.now() + sessions.ABSOLUTE
    while clock.now() < ends:
        found = sessions.session_of(session, busy, clock.now())
        assert found is not None
        sessions.seen(session, found, clock.now())
        clock.advance(minutes=29)
    assert sessions.session_of(session, busy, clock.now()) is None
    assert sessions.session_of(session, idle, clock.now()) is None


def test_half_way_through_a_sign_in_there_are_ten_minutes(session, clock, hire):
    token = opened(session, clock, hire("mia"), "password")
    clock.advance(minutes=9)
    assert sessions.session_of(session, token, clock.now()).level == "password"
    clock.advance(minutes=1)
    assert sessions.session_of(session, token, clock.now()) is None


def test_that_somebody_is_there_is_written_once_a_minute(session, clock, hire):
    token = opened(session, clock, hire("mia"))
    asked = []
    for _ in range(4):
        found = sessions.session_of(session, token, clock.now())
        asked.append(found.is_to_be_seen(clock.now()))
        if asked[-1]:
            sessions.seen(session, found, clock.now())
        clock.advance(seconds=30)
    assert asked == [False, False, True, False]


def test_a_new_token_takes_the_old_one_s_place(session, clock, hire):
    token = opened(session, clock, hire("mia"), "password")
    before = sessions.session_of(session, token, clock.now())
    fresh = sessions.rotate(session, token, clock.now(), "full")
    assert fresh != token
    assert sessions.session_of(session, token, clock.now()) is None
    after = sessions.session_of(session, fresh, clock.now())
    assert (after.id, after.level, after.created_at) == (before.id, "full", before.created_at)


def test_a_session_that_is_over_is_not_renewed(session, clock, hire):
    token = opened(session, clock, hire("mia"))
    clock.advance(minutes=31)
    fresh = sessions.rotate(session, token, clock.now(), "full")
    assert sessions.session_of(session, fresh, clock.now()) is None


def test_nobody_ends_somebody_else_s_session(session, clock, hire):
    mia, leo = hire("mia"), hire("leo")
    token = opened(session, clock, mia)
    (listed,) = sessions.sessions_of(session, mia.id, clock.now())
    assert listed.agent == "Firefox on Linux"
    assert not sessions.end(session, listed.id, leo.id)
    assert sessions.session_of(session, token, clock.now())
    assert sessions.end(session, listed.id, mia.id)
    assert sessions.session_of(session, token, clock.now()) is None


def test_all_others_end_and_this_one_stays(session, clock, hire):
    mia, leo = hire("mia"), hire("leo")
    tokens = [opened(session, clock, mia) for _ in range(3)]
    other = opened(session, clock, leo)
    mine = sessions.session_of(session, tokens[0], clock.now())
    assert sessions.end_all(session, mia.id, but=mine.id) == 2
    assert [bool(sessions.session_of(session, each, clock.now())) for each in (*tokens, other)] == [
        True, False, False, True,
    ]  # fmt: skip


def test_a_disabled_account_has_no_session_and_gets_none_back(session, clock, hire):
    mia = hire("mia")
    token = opened(session, clock, mia)
    accounts.disable(session, mia, clock.now(), SHELL)
    late = opened(session, clock, mia)
    assert sessions.session_of(session, late, clock.now()) is None
    accounts.enable(session, mia, clock.now(), SHELL)
    assert sessions.session_of(session, token, clock.now()) is None
