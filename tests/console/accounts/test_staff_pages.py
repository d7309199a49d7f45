"""Admins look after the accounts: each change is noted, none leaves the house without an admin, no password is known to them."""

import re

import pytest
from sqlalchemy import select

from resign.staff.audit import note
from resign.staff.roles import Staff
from resign.staff.tables import Deed
from tests.console.conftest import Editor
from tests.support.decisions import ANNA, BORIS, DIGEST_KEY

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

STAFF = "/console/staff"
CHOSEN = "seven owls in a barn"


def link_in(page):
    return re.search(r'name="link" value="http://127.0.0.1:\d+(/console/set-up/[^"]+)"', page.text)[1]


@pytest.fixture
def ada(employ, desk) -> Editor:
    return employ("ada", "admin@*")


@pytest.fixture
def adds(ada):
    def add(name="noah", role="support", workspace="default"):
        return ada.presses(ada.opens(STAFF), STAFF, name=name, role=role, workspace=workspace)

    return add


def deeds(editor):
    with editor.database.reading() as session:
        return [(deed.name, deed.action) for deed in session.scalars(select(Deed).order_by(Deed.id))]


def test_somebody_new_chooses_a_password_by_a_link_that_works_once(ada, adds, nobody):
    shown = adds()
    assert "shown this once" in shown.text
    link = re.search(r'name="link" value="[^"]*(/console/set-up/[^"]+)"', shown.text)[1]
    page = nobody.opens(link)
    assert page.status_code == 200
    short = nobody.presses(page, link, **{"new-password": "short", "new-password-again": "short"})
    assert "at least 12 characters" in short.text
    typed = {"new-password": CHOSEN, "new-password-again": CHOSEN}
    assert nobody.presses(page, link, **typed).headers["location"] == "/console/sign-in?set=1"
    assert "Your password is set" in nobody.opens("/console/sign-in?set=1").text
    assert nobody.opens(link).status_code == 404
    assert nobody.presses(page, link, **typed).status_code == 404
    page = nobody.opens("/console/sign-in")
    assert nobody.presses(page, "/console/sign-in", name="noah", password=CHOSEN).status_code == 303
    assert deeds(ada)[:3] == [("ada", "added-staff"), ("ada", "granted-role"), ("noah", "changed-password")]


def test_a_link_ends_after_three_days_and_cannot_be_made_up(ada, adds, nobody, clock):
    link = re.search(r'name="link" value="[^"]*(/console/set-up/[^"]+)"', adds().text)[1]
    number, ends, signature = link.rpartition("/")[2].split(".")
    for token in (
        f"{number}.{int(ends) + 1}.{signature}", f"1.{ends}.{signature}", f"{number}.{ends}.x", "x", "a.b.c", "9" * 40,
        f"{number}.\u0663.{signature}",
    ):  # fmt: skip
        assert nobody.opens(f"/console/set-up/{token}").status_code == 404, token
    clock.advance(days=3)
    assert nobody.opens(link).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a:b",
        "x" * 65,
        "\x00",
        "ada",
        "ADA",
        "\ud83d\udca9".encode("utf-16", "surrogatepass").decode("utf-16") * 70,
    ],
)
def test_a_name_that_nobody_may_have_is_said_at_its_field(ada, adds, name):
    answer = adds(name)
    assert answer.status_code == 422
    assert 'id="name-fault"' in answer.text


def test_roles_are_given_and_taken_where_the_admin_is_one(ada, hire):
    noah = hire("noah", "support@default")
    page = ada.opens(f"{STAFF}/{noah}")
    ada.presses(page, f"{STAFF}/{noah}/grant", role="marketer", workspace="*")
    ada.presses(page, f"{STAFF}/{noah}/revoke", role="support", workspace="default")
    text = ada.opens(f"{STAFF}/{noah}").text
    assert "marketer" in text.partition('<form class="narrow"')[0]
    assert 'Take it back<span class="unseen">: support' not in text
    for role, place in (("king", "default"), ("support", "nowhere"), ("", ""), ("support", "\x00")):
        answer = ada.presses(page, f"{STAFF}/{noah}/grant", role=role, workspace=place)
        assert answer.status_code == 422, (role, place)


def test_an_account_is_disabled_and_enabled_and_its_sessions_end(ada, employ):
    noah = employ("noah", "support@default")
    path = f"{STAFF}/{noah.number}"
    for act, says in (
        ("sessions", "is out at once"), ("disable", "Nobody signs in"), ("second-factor", "be sure who asks for it"),
    ):  # fmt: skip
        assert f'href="{path}/ask/{act}"' in ada.opens(path).text
        assert f'action="{path}/{act}"' not in ada.opens(path).text, "nothing happens at one click"
        asked = ada.opens(f"{path}/ask/{act}")
        assert f'action="{path}/{act}"' in asked.text
        assert says in asked.text
        assert "noah" in asked.text
    assert noah.opens("/console/account").status_code == 200, "it was only asked"
    assert deeds(ada) == []
    assert ada.opens(f"{path}/ask/anything").status_code == 404
    ada.presses(ada.opens(f"{path}/ask/sessions"), f"{path}/sessions")
    assert noah.opens("/console/account").status_code == 303
    ada.presses(ada.opens(path), f"{path}/disable")
    assert "disabled" in ada.opens(path).text
    ada.presses(ada.opens(path), f"{path}/enable")
    assert "Disable the account" in ada.opens(path).text
    ada.presses(ada.opens(path), f"{path}/second-factor")
    assert [action for _, action in deeds(ada)] == [
        "ended-sessions", "disabled-staff", "enabled-staff", "reset-second-factor",
    ]  # fmt: skip


def test_another_password_ends_the_sessions_and_is_nobodys_but_theirs(ada, employ, nobody):
    noah = employ("noah", "support@default")
    path = f"{STAFF}/{noah.number}"
    shown = ada.presses(ada.opens(path), f"{path}/password")
    assert noah.opens("/console/account").status_code == 303
    page = nobody.opens("/console/sign-in")
    former = {"name": "noah", "password": "three herons on a roof"}
    assert nobody.presses(page, "/console/sign-in", **former).status_code == 401
    link = re.search(r'name="link" value="[^"]*(/console/set-up/[^"]+)"', shown.text)[1]
    assert nobody.opens(link).status_code == 200


def test_the_last_admin_stays_one(ada):
    path = f"{STAFF}/{ada.number}"
    for act in ("disable", "revoke"):
        answer = ada.presses(ada.opens(path), f"{path}/{act}", role="admin", workspace="*")
        assert answer.status_code == 422
        assert "last active admin" in answer.text
    assert ada.opens(STAFF).status_code == 200


def test_an_admin_of_one_workspace_touches_nobody_of_another(employ, hire):
    eve, noah = employ("eve", "admin@default"), hire("noah", "support@*")
    path = f"{STAFF}/{noah}"
    page = eve.opens(path)
    for act in ("password", "disable", "second-factor", "sessions"):
        assert eve.presses(page, f"{path}/{act}").status_code == 422, act
    assert eve.presses(page, f"{path}/grant", role="admin", workspace="*").status_code == 422


def test_a_number_that_is_none_is_no_account(ada):
    assert {ada.opens(f"{STAFF}/{number}").status_code for number in (0, 99, "9" * 30, "x")} == {404}


def test_what_was_done_is_read_page_by_page_and_filtered(ada, hire):
    for number in range(60):
        ada.presses(ada.opens("/console/account"), "/console/account/sessions/end-others")
        del number
    first = ada.opens("/console/deeds")
    assert first.text.count("<code>ended-sessions</code>") == 50
    older = re.search(r'href="(/console/deeds\?before=\d+)"', first.text)[1]
    assert ada.opens(older).text.count("<code>ended-sessions</code>") == 10
    assert "Nothing that fits" in ada.opens("/console/deeds?name=nobody").text
    for odd in ("action=%00", "before=x", "before=" + "9" * 40, "workspace='--", "name=%F0%9F%92%A9"):
        assert ada.opens(f"/console/deeds?{odd}").status_code == 200


def test_what_was_noted_of_a_deed_is_read_in_words(ada, clock):
    noted = {"filters": {"method": ["page", "one-click"]}, "outcomes": {}, "clear": True, "rows": 3}
    with ada.database.writing() as session:
        note(session, Staff(id=1, name="ada", grants={}), "searched", clock.now(), **noted)
        session.commit()
    page = ada.opens("/console/deeds").text
    for words in ("filters: method: page, one-click<", "outcomes: none<", "clear: yes<", "rows: 3<"):
        assert words in page, words


def test_an_admin_of_one_workspace_reads_its_deeds_alone(ada, employ, adds):
    adds()
    eve = employ("eve", "admin@default")
    text = eve.opens("/console/deeds").text
    assert "granted-role" in text
    assert "added-staff" not in text


ANNA_S = ANNA.digest(DIGEST_KEY)


@pytest.fixture
def looked(ada, clock):
    """Somebody opened two people, a day after the other."""
    with ada.database.writing() as session:
        for who in (ANNA, BORIS):
            mia = Staff(id=7, name="mia", grants={})
            note(
                session,
                mia,
                "opened-person",
                clock.now(),
                workspace="default",
                subject=who.digest(DIGEST_KEY),
            )
            clock.advance(hours=24)
        session.commit()


def about(page) -> list[str]:
    return re.findall(r'<p class="path">(?:<a href="[^"]*">)?([0-9a-f]{32})', page.text)


def asks(ada, **typed):
    answer = ada.presses(ada.opens("/console/deeds"), "/console/deeds", **typed)
    assert answer.status_code == 303
    return answer.headers["location"], ada.opens(answer.headers["location"])


def test_deeds_are_found_by_whom_they_were_about_and_no_address_gets_into_the_address_line(ada, looked):
    for typed in (ANNA.value, f" {ANNA.value.upper()} ", ANNA_S):
        where, page = asks(ada, person=typed)
        assert about(page) == [ANNA_S], typed
        assert "anna" not in where.lower()
    for typed in ("nobody@example.com", "C-1042", "\x00", "x" * 5_000):
        assert "Nothing that fits" in asks(ada, person=typed)[1].text, typed
    for odd in (
        "person=%00",
        "person=x",
        "from=soon",
        "to=9999-12-31",
        "from=0001-01-01&to=0001-01-01",
        "person=",
    ):
        assert ada.opens(f"/console/deeds?{odd}").status_code == 200, odd


def test_deeds_are_found_by_their_days(ada, looked):
    assert about(asks(ada, **{"from": "2026-05-05"})[1]) == [BORIS.digest(DIGEST_KEY)]
    assert about(asks(ada, to="2026-05-04")[1]) == [ANNA_S]
    assert about(asks(ada, **{"from": "2026-05-04", "to": "2026-05-05", "name": "mia"})[1]) == [
        BORIS.digest(DIGEST_KEY),
        ANNA_S,
    ]
    _, page = asks(ada, **{"from": "2026-05-04", "action": "opened-person"})
    assert 'name="from" value="2026-05-04"' in page.text
    assert 'name="action" value="opened-person"' in page.text


def test_a_deed_leads_to_its_person_for_who_may_see_them_alone(ada, looked, employ):
    assert 'href="/console/people/' not in ada.opens("/console/deeds").text
    both = employ("zoe", "admin@default", "support@default")
    assert f'href="/console/people/default/{ANNA_S}"' in both.opens("/console/deeds").text
