"""A session that ends between two clicks: what was typed survives the sign-in, and is sent by nobody but its owner."""

import re

import pytest

from tests.console.conftest import HOME
from tests.console.door.conftest import CODE, SIGN_IN

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TYPED = {"light__paper": "#ffe9c4"}


@pytest.fixture
def waiting(noah):
    """His session ended while he typed; the sign-in that he gets instead of an answer."""
    noah.enrols()
    page = noah.opens(HOME)
    noah.clock.advance(minutes=31)
    answer = noah.sends(page, **TYPED)
    assert answer.status_code == 401
    return answer


def test_what_was_typed_is_there_again_and_waits_for_a_press(noah, waiting):
    assert "Nothing was sent" in waiting.text
    assert noah.draft() is None
    again = noah.signs_in(page=waiting)
    assert again.status_code == 200
    assert "You are signed in again" in again.text
    assert "Nothing was sent yet" in again.text
    assert "#ffe9c4" in again.text
    assert noah.draft() is None, "not before he presses"
    sent = noah.presses(again, action_of(again))
    assert sent.status_code == 303
    assert b"#ffe9c4" in noah.draft().source.files["theme.toml"]


def action_of(page):
    return re.search(r'<main.*?<form method="post" action="([^"]+)"', page.text, re.DOTALL)[1]


def test_a_wrong_password_and_a_wrong_code_lose_nothing(noah, waiting):
    page = noah.types(password="not the password", page=waiting)
    assert page.status_code == 401
    page = noah.types(page=page)
    assert page.status_code == 200, "a form is no part of an address: the next step comes at once"
    page = noah.presses(page, CODE, code="000000")
    noah.clock.advance(seconds=30)
    again = noah.presses(page, CODE, code=noah.code())
    assert noah.presses(again, action_of(again)).status_code == 303
    assert noah.draft() is not None


def test_somebody_else_who_signs_in_there_does_not_send_it(noah, waiting, hire):
    hire("eve", "marketer@default")
    page = noah.types("eve", page=waiting)
    noah.secret = re.search(r'class="secret"><code[^>]*>([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")
    codes = noah.presses(page, "/console/second-factor", code=noah.code())
    answer = noah.presses(codes, "/console/sign-in/again")
    assert answer.status_code == 403
    assert "belongs to another account" in answer.text
    assert "#ffe9c4" not in answer.text


def test_a_form_that_was_tampered_with_is_dropped(noah, waiting):
    fields = noah.fields(waiting)
    text, _, signature = fields["carried"].rpartition(".")
    for carried in (f"{text[:-2]}AA.{signature}", f"{text}.", f".{signature}", "x", "\u0105.x", "." * 90):
        noah.client.cookies.clear()
        answer = noah.client.post(
            SIGN_IN, data={**fields, "name": "noah", "password": "three herons on a roof", "carried": carried}
        )
        assert answer.status_code == 303, carried
        assert answer.headers["location"].startswith(CODE)


def test_a_form_that_was_never_ours_is_not_taken_up(noah, waiting):
    foreign = noah.client.post(HOME, data={"mark": "x", "light.paper": "#ffe9c4"})
    assert foreign.status_code == 401
    assert "carried" not in noah.fields(foreign)
    before = noah.fields(noah.opens(SIGN_IN))["mark"]
    opened_by_nobody = noah.client.post(HOME, data={"mark": before, "light.paper": "#ffe9c4"})
    assert "carried" not in noah.fields(opened_by_nobody)
    cross = noah.client.post(HOME, data=noah.fields(waiting), headers={"Origin": "https://evil.example"})
    assert cross.status_code == 403


def test_secrets_are_not_kept_and_a_file_is_named(noah, picture):
    noah.enrols()
    theme, account = noah.opens(HOME), noah.opens("/console/account")
    noah.clock.advance(minutes=31)
    secret = noah.presses(account, "/console/account/password", **{
        "password": "canary-1", "new-password": "canary-2", "new-password-again": "canary-2",
    })  # fmt: skip
    file = noah.sends(theme, files={"logo-file": ("heron.png", picture)})
    assert "had chosen is not kept" in file.text
    again = noah.signs_in(page=file)
    assert "heron.png" in again.text
    noah.client.cookies.clear()
    again = noah.signs_in(page=secret)
    assert "Passwords and codes are not kept" in again.text
    assert "canary" not in again.text
    assert "canary" not in secret.text


def test_a_long_text_comes_along_whole(noah):
    noah.enrols()
    page = noah.opens(f"{HOME}/style")
    noah.clock.advance(minutes=31)
    style = "".join(f".ż{number} {{ color: #{number:06x} }}\n" for number in range(18_000))
    assert len(style.encode()) > 450_000
    fields = {
        name: (None, value) for name, value in {**noah.fields(page), "do": "save", "own": style}.items()
    }
    waiting = noah.client.post(f"{HOME}/style", files=fields)
    assert waiting.status_code == 401
    form = {**noah.fields(waiting), "name": "noah", "password": "three herons on a roof"}
    code = noah.client.post(SIGN_IN, files={name: (None, value) for name, value in form.items()})
    noah.clock.advance(seconds=30)
    form = {**noah.fields(code), "code": noah.code()}
    again = noah.client.post(CODE, files={name: (None, value) for name, value in form.items()})
    assert ".ż17999 { color: #00464f }" in again.text


def test_a_form_in_another_tab_is_shown_again_after_the_sign_in(noah):
    noah.enrols()
    page = noah.opens(HOME)
    noah.clock.advance(minutes=31)
    noah.signs_in()
    answer = noah.sends(page, **TYPED)
    assert answer.status_code == 409
    assert "Nothing was sent yet" in answer.text
    assert noah.draft() is None
    assert noah.presses(answer, action_of(answer)).status_code == 303
    assert noah.draft() is not None


def test_leaving_twice_is_no_fault(noah):
    noah.enrols()
    page = noah.opens(HOME)
    assert noah.presses(page, "/console/sign-out").status_code == 303
    assert noah.presses(page, "/console/sign-out").status_code == 303


def test_a_secret_is_not_kept_whatever_stands_around_its_name(noah):
    noah.enrols()
    page = noah.opens(HOME)
    noah.clock.advance(minutes=31)
    named = {"code_" * 300 + "\n": "31415926", "new-password-\n": "27182818", "codes": "16180339"}
    answer = noah.client.post(HOME, data={**noah.fields(page), **named})
    again = noah.signs_in(page=answer)
    assert "16180339" in again.text
    assert "31415926" not in again.text
    assert "27182818" not in again.text
