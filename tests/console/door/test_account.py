"""One's own account: sessions are seen and ended, and what one signs in with is changed by whoever knows the password."""

import re

import pytest
from sqlalchemy import select

from resign.staff.tables import Deed
from tests.console.conftest import PASSWORD
from tests.console.door.conftest import FACTOR

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ACCOUNT = "/console/account"
FRESH = "seven owls in a barn"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture
def abroad(noah, visitor):
    """He is signed in here and, in another browser, elsewhere."""
    noah.enrols()
    other = visitor()
    other.client.headers["User-Agent"] = FIREFOX
    other.secret = noah.secret
    other.signs_in()
    return other


def test_every_session_is_listed_and_any_of_them_can_be_ended(noah, abroad):
    page = noah.opens(ACCOUNT)
    assert "Firefox on Linux" in page.text
    assert page.text.count("this one") == 1
    assert "Firefox w systemie Linux" in noah.opens(f"{ACCOUNT}?l=pl").text
    end = re.search(r'action="(/console/account/sessions/\d+/end)"', page.text)[1]
    after = noah.presses(page, end)
    assert after.headers["location"].startswith(ACCOUNT)
    assert "That session is over." in noah.opens(after.headers["location"]).text
    assert abroad.opens(ACCOUNT).status_code == 303
    assert noah.opens(ACCOUNT).status_code == 200


def test_all_others_are_ended_at_once(noah, abroad, database):
    after = noah.presses(noah.opens(ACCOUNT), f"{ACCOUNT}/sessions/end-others")
    assert abroad.opens(ACCOUNT).status_code == 303
    page = noah.opens(after.headers["location"])
    assert "All your other sessions are over." in page.text
    assert "end-others" not in page.text, "there is none left to end"
    with database.reading() as session:
        [deed] = session.scalars(select(Deed).where(Deed.action == "ended-sessions"))
    assert (deed.name, deed.detail) == ("noah", '{"ended": 1}')


def test_another_site_ends_nobody_s_sessions(noah, abroad):
    noah.opens(ACCOUNT)
    for more in ({"data": {}}, {"data": {"mark": "made up"}}):
        assert noah.client.post(f"{ACCOUNT}/sessions/end-others", **more).status_code == 403
    foreign = noah.client.post(
        f"{ACCOUNT}/sessions/end-others",
        data=noah.fields(noah.opens(ACCOUNT)),
        headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert foreign.status_code == 403
    assert abroad.opens(ACCOUNT).status_code == 200


def test_nobody_ends_the_session_of_somebody_else(noah, abroad, employ):
    eve = employ("eve")
    for number in range(1, 6):
        eve.presses(eve.opens(ACCOUNT), f"{ACCOUNT}/sessions/{number}/end")
    assert {each.opens(ACCOUNT).status_code for each in (noah, abroad)} == {200}


def changes(noah, password=PASSWORD, fresh=FRESH, again=None):
    typed = {"password": password, "new-password": fresh, "new-password-again": again or fresh}
    return noah.presses(noah.opens(ACCOUNT), f"{ACCOUNT}/password", **typed)


def test_the_password_is_changed_and_all_other_sessions_end(noah, abroad):
    assert changes(noah).status_code == 303
    assert noah.opens(ACCOUNT).status_code == 200
    assert abroad.opens(ACCOUNT).status_code == 303
    noah.client.cookies.clear()
    assert noah.types().status_code == 401
    assert noah.types(password=FRESH).status_code == 303


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password": "not the password"}, "The password is not right"),
        ({"again": "seven owls in a farm"}, "are not the same"),
        ({"fresh": "short"}, "at least 12 characters"),
        ({"fresh": "password1234"}, "first that strangers try"),
    ],
)
def test_a_change_that_cannot_be_is_said_at_its_field_and_changes_nothing(noah, typed, said):
    noah.enrols()
    answer = changes(noah, **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    noah.client.cookies.clear()
    assert noah.types().status_code == 303


def test_new_recovery_codes_make_the_former_ones_worthless(noah, database):
    noah.enrols()
    former = noah.codes
    page = noah.opens(ACCOUNT)
    assert "Recovery codes left: 10" in page.text
    assert noah.presses(page, f"{ACCOUNT}/recovery-codes", password="wrong").status_code == 422
    shown = noah.presses(page, f"{ACCOUNT}/recovery-codes", password=PASSWORD)
    fresh = re.findall(r'<li class="secret">([0-9A-Z-]+)</li>', shown.text)
    assert len(fresh) == 10
    assert not set(fresh) & set(former)
    with database.reading() as session:
        assert "renewed-recovery-codes" in {deed.action for deed in session.scalars(select(Deed))}


def test_another_telephone_is_taken_up_by_whoever_knows_the_password(noah):
    noah.enrols()
    page = noah.opens(f"{FACTOR}?to={ACCOUNT}")
    secret, noah.secret = noah.secret, re.search(r"<code[^>]*>([A-Z2-7 ]+)<", page.text)[1].replace(" ", "")
    assert secret != noah.secret
    assert noah.presses(page, FACTOR, code=noah.code(), password="wrong").status_code == 422
    assert noah.presses(page, FACTOR, code="000000", password=PASSWORD).status_code == 422
    assert noah.presses(page, FACTOR, code=noah.code(), password=PASSWORD).status_code == 200
    noah.client.cookies.clear()
    assert noah.signs_in().status_code == 303
    assert noah.opens(ACCOUNT).status_code == 200
