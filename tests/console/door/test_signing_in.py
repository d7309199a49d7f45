"""Signing in: a password, a second factor, a session of which the server decides when it is over (E7, E8)."""

import hashlib
import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from resign.staff import accounts, passwords
from resign.staff.networks import account_at
from resign.staff.sign_in import check_password
from resign.staff.tables import Deed, FailedSignIns, StaffSession, UsualNetwork
from resign.staff.throttle import digest_of
from tests.console.conftest import COOKIE, PASSWORD, SHELL
from tests.console.door.conftest import CODE, FACTOR, SIGN_IN

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

THEMES = "/console/themes"


def test_a_recovery_code_stands_in_for_the_app_once(noah):
    noah.enrols()
    noah.client.cookies.clear()
    for expected in (303, 401):
        noah.types()
        assert noah.presses(noah.opens(CODE), CODE, code=noah.codes[3].lower()).status_code == expected
        noah.client.cookies.clear()


def test_a_password_alone_opens_nothing(noah):
    noah.enrols()
    noah.client.cookies.clear()
    noah.types()
    for path in (THEMES, "/console/account", "/console/"):
        answer = noah.opens(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith(CODE)
    assert noah.opens(FACTOR).headers["location"].startswith(CODE), "nor another second factor"
    assert noah.presses(noah.opens(CODE), FACTOR, code="123456").headers["location"].startswith(CODE)
    assert noah.presses(noah.opens(CODE), CODE, code="000000").status_code == 401
    assert "Not you?" in noah.opens(CODE).text


def test_each_step_has_a_token_of_its_own_and_one_from_outside_is_not_taken_up(noah, visitor):
    noah.enrols()
    noah.client.cookies.clear()
    noah.comes_with("fixed-by-somebody-else")
    noah.types()
    before = noah.client.cookies[COOKIE]
    assert before != "fixed-by-somebody-else"
    noah.clock.advance(seconds=30)
    noah.presses(noah.opens(CODE), CODE, code=noah.code())
    assert noah.client.cookies[COOKIE] != before
    thief = visitor()
    thief.comes_with(before)
    assert thief.opens(THEMES).status_code == 303


@pytest.fixture
def refusals(visitor, hire, database, clock):
    """Every way not to get in, by a browser of its own."""
    hire("noah")
    out = hire("former")
    with database.writing() as session:
        accounts.disable(session, accounts.account(session, out), clock.now(), SHELL)
        session.commit()
    typed = {
        "an unknown name": ("nobody", PASSWORD),
        "a wrong password": ("noah", "not the password"),
        "a disabled account": ("former", PASSWORD),
        "nothing typed": ("", ""),
        "anything": ("o'brien\x00\ud83d" * 40, "'; DROP TABLE staff; --" * 500),
    }
    return lambda: {
        case: visitor().types(
            *(each.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for each in pair)
        )
        for case, pair in typed.items()
    }


def told(answer, *names):
    """What is on the page but for what was typed and the mark."""
    text = answer.text.partition("<main")[2].partition("</main>")[0]
    lines = [line for line in text.splitlines() if 'name="mark"' not in line and 'id="name"' not in line]
    return "\n".join(line.replace(" autofocus", "") for line in lines)


def test_every_refusal_is_the_same_in_text_status_and_work(refusals, monkeypatch):
    compared = []
    verify = passwords._hasher.verify
    monkeypatch.setattr(passwords, "_hasher", Counting(verify, compared))
    answers = refusals()
    assert {answer.status_code for answer in answers.values()} == {401}
    assert len({told(answer) for answer in answers.values()}) == 1
    assert "The name or the password is not right." in told(answers["an unknown name"])
    assert len(compared) == len(answers), "each costs one comparison"


class Counting:
    def __init__(self, verify, compared):
        self._verify, self._compared = verify, compared

    def verify(self, kept, password):
        self._compared.append(kept)
        return self._verify(kept, password)

    def hash(self, _password):
        return "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21l$ZGlnZXN0ZGlnZXN0ZGlnZXN0"

    def check_needs_rehash(self, _kept):
        return False


@pytest.mark.parametrize("name", ["noah", "nobody"])
def test_whoever_guesses_waits_and_is_told_how_long(noah, name):
    statuses = [noah.types(name, "a wrong guess").status_code for _ in range(5)]
    assert statuses == [401, 401, 401, 401, 429]
    slow = noah.types(name)  # the right one for noah
    assert slow.status_code == 429
    assert 0 < int(slow.headers["retry-after"]) <= 30
    assert "Seconds to wait" in slow.text
    noah.clock.advance(seconds=31)
    assert noah.types(name).status_code == (303 if name == "noah" else 429)


@pytest.fixture
def stranger(visitor):
    """Comes from the next network."""
    made = visitor()
    made.client.close()
    made.client = httpx.Client(
        base_url=made.url,
        trust_env=False,
        headers={"Origin": made.url},
        transport=httpx.HTTPTransport(local_address="127.0.1.7"),
    )
    return made


def test_a_stranger_who_guesses_keeps_nobody_out_but_their_own_network(noah, stranger):
    noah.enrols()
    noah.client.cookies.clear()
    assert [stranger.types(password="a wrong guess").status_code for _ in range(5)][-1] == 429
    assert stranger.types().status_code == 429
    assert noah.signs_in().status_code == 303


def test_a_flood_from_everywhere_does_not_reach_where_somebody_usually_signs_in(noah, stranger, database):
    noah.enrols()
    noah.client.cookies.clear()
    with database.writing() as session:
        for number in range(25):
            for _ in range(4):
                check_password(session, "noah", "a wrong guess", noah.clock.now(), network=f"botnet {number}")
        session.commit()
    assert stranger.types().status_code == 429
    assert noah.signs_in().status_code == 303


def test_no_network_address_is_kept_only_a_digest_under_the_console_s_key(noah, stranger, database):
    noah.enrols()
    stranger.types(password="a wrong guess")
    with database.reading() as session:
        kept = [
            str(vars(row))
            for table in (Deed, FailedSignIns, StaffSession, UsualNetwork)
            for row in session.scalars(select(table))
        ]
        usual = session.scalars(select(UsualNetwork.digest)).all()
    assert not [text for text in kept if "127.0." in text]
    unkeyed = hashlib.sha256(b"network 127.0.0.0/24").hexdigest()
    assert len(usual) == 1
    assert digest_of(account_at("noah", unkeyed)) not in usual


def test_whoever_guesses_codes_waits_too(noah):
    noah.enrols()
    noah.client.cookies.clear()
    noah.types()
    statuses = [noah.presses(noah.opens(CODE), CODE, code="000000").status_code for _ in range(5)]
    assert statuses == [401, 401, 401, 401, 429]
    noah.clock.advance(seconds=29)
    assert noah.presses(noah.opens(CODE), CODE, code=noah.code()).status_code == 429


def test_one_network_cannot_try_one_password_at_many_names(noah):
    page = noah.opens(SIGN_IN)
    tried = [noah.types(f"name{number}", page=page) for number in range(31)]
    assert {answer.status_code for answer in tried[:30]} == {401}
    assert tried[30].status_code == 429
    assert int(tried[30].headers["retry-after"]) <= 60


TO = {
    "/console/themes": "/console/themes",
    "/console/themes?page=done&l=pl": "/console/themes?page=done&l=pl",
    "https://evil.example/console/": "/console/",
    "//evil.example/console/": "/console/",
    "/\\evil.example": "/console/",
    "/console/\\evil.example": "/console/",
    "/console/\r\nSet-Cookie: x=1": "/console/",
    "javascript:alert(1)": "/console/",
    "/u/": "/console/",
    "": "/console/",
}


def test_only_own_addresses_are_followed_afterwards(noah):
    noah.enrols()
    for asked, led in TO.items():
        noah.client.cookies.clear()
        page = noah.client.get(SIGN_IN, params={"to": asked})
        assert noah.signs_in(page=page).headers["location"] == led, asked
        assert noah.client.get(SIGN_IN, params={"to": asked}).headers["location"] == led, "signed in already"


@pytest.mark.parametrize(
    ("steps", "holds"), [([29, 29, 29], True), ([31], False), ([29] * 24, True), ([29] * 25, False)]
)
def test_it_is_over_half_an_hour_after_the_last_click_and_twelve_hours_after_the_first(noah, steps, holds):
    noah.enrols()
    for minutes in steps:
        noah.clock.advance(minutes=minutes)
        answer = noah.opens(THEMES)
    assert answer.status_code == (200 if holds else 303)


def test_looking_writes_once_a_minute_at_most(noah, database):
    noah.enrols()

    def seen():
        with database.reading() as session:
            return session.scalar(select(StaffSession.seen_at).where(StaffSession.level == "full"))

    before = seen()
    noah.clock.advance(seconds=59)
    noah.opens(THEMES)
    assert seen() == before
    noah.clock.advance(seconds=1)
    noah.opens(THEMES)
    assert seen() - before == timedelta(minutes=1)


def test_an_account_that_is_disabled_is_out_at_once(noah, database):
    noah.enrols()
    with database.writing() as session:
        who = accounts.account_named(session, "noah")
        accounts.disable(session, who, noah.clock.now(), SHELL)
        session.commit()
    assert noah.opens(THEMES).status_code == 303


def test_nothing_that_was_typed_is_in_a_log_or_in_the_history(noah, database, caplog):
    noah.enrols()
    noah.types(password="canary of a password")
    noah.presses(noah.opens(CODE), CODE, code="canary of a code")
    with database.reading() as session:
        written = [str(vars(deed)) for deed in session.scalars(select(Deed))]
    for text in [*written, *(record.getMessage() for record in caplog.records)]:
        for secret in ("canary", PASSWORD, noah.secret, noah.client.cookies[COOKIE], *noah.codes):
            assert secret not in text


SECRET = re.compile(r'<p class="secret"><code[^>]*>([A-Z2-7 ]+)<')


def test_a_form_that_was_opened_before_the_password_is_not_sent_after_it(noah, visitor):
    stale = noah.fields(noah.opens(SIGN_IN))["mark"]
    noah.types()
    for path in (CODE, FACTOR, "/console/sign-out"):
        answer = noah.client.post(path, data={"mark": stale, "code": "000000"})
        assert answer.status_code == 403, path
        assert "opened by somebody else" in answer.text


def test_what_somebody_else_with_the_password_was_shown_is_not_what_its_owner_takes_up(noah, visitor):
    thief = visitor()
    thief.types()
    seen = SECRET.search(thief.opens(FACTOR).text)[1]
    assert SECRET.search(thief.opens(FACTOR).text)[1] == seen, (
        "a page that is loaded again shows what was scanned"
    )
    noah.enrols()
    assert noah.secret != seen.replace(" ", "")
    thief.secret = seen.replace(" ", "")
    noah.clock.advance(seconds=30)
    thief.types()
    assert thief.presses(thief.opens(CODE), CODE, code=thief.code()).status_code == 401
    assert thief.presses(thief.opens(CODE), CODE, code=noah.code()).status_code == 303
