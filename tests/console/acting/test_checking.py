"""Check now: what the pretend Synerise says over real HTTP, beside what was decided here."""

import json
from dataclasses import replace

import pytest

from resign.console.desk import Desk
from resign.profile import Profile
from resign.synerise.profile_look import ProfileLook
from tests.console.acting.conftest import said
from tests.support.looked_after import person_path
from tests.synerise.test_end_to_end import EMAIL, sandbox

__all__ = ["sandbox"]

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ANNA = Profile.of("email", EMAIL)


@pytest.fixture
def ask(desk: Desk, workspace, clock):
    """Lets the console ask a pretend Synerise, and wait so many seconds at most."""
    made = []

    def of(here, seconds: float = 5.0) -> None:
        made.append(ProfileLook(replace(workspace, **here.as_settings()), clock, seconds=seconds))
        object.__setattr__(desk, "looks", {"default": made[-1]})

    yield of
    for look in made:
        look.close()


@pytest.fixture
def synerise(sandbox, ask):
    """One that knows Anna."""
    here = sandbox()
    ask(here)
    return here


@pytest.fixture
def anna(support, people):
    support.path = person_path(ANNA)
    people.decides(ANNA)
    people.is_told()
    return support


def outcomes(anna) -> list[str]:
    return [json.loads(deed.detail)["outcome"] for deed in anna.people.deeds() if deed.action == "checked"]


def test_both_sides_stand_beside_each_other_and_a_difference_leads_to_telling_again(anna, synerise):
    page = anna.opens("check-now")
    assert synerise.look("requests")["requests"] == [], "opening asks only"
    found = anna.presses(page)
    assert found.status_code == 200
    for words in (
        "Synerise says something else",
        "Here out, decided 4 May 2026",
        "At Synerise in",
        "Asked 4 May 2026",
    ):
        assert words in said(found), words
    assert f'href="{anna.path}/tell-again"' in found.text
    synerise.do("profiles", [{"email": EMAIL, "agreements": {"email": False}}])
    synerise.holds()
    agreed = anna.does("check-now")
    assert "Both sides say the same." in said(agreed)
    assert "tell-again" not in agreed.text
    assert outcomes(anna) == ["differs", "agrees"]
    assert "Ada asked Synerise what the profile says." in said(anna.opens())


def test_who_may_have_left_there_is_not_told_to_be_in_again(anna, synerise, people):
    people.decides(ANNA, choice="opt-in")
    people.is_told()
    synerise.do("profiles", [{"email": EMAIL, "agreements": {"email": False}}])
    synerise.holds()
    found = anna.does("check-now")
    assert "Who is in here and out at Synerise may have left there." in said(found)
    assert f'href="{anna.path}/opt-out"' in found.text
    assert "tell-again" not in found.text


@pytest.mark.parametrize(
    ("fault", "words", "outcome"),
    [
        ({"status": 500}, "gave no answer that could be read", "unreachable"),
        ({"status": 429}, "asks to come back later", "busy"),
        ({"status": 403}, "The key may not read profiles", "misconfigured"),
    ],
)
def test_a_synerise_that_is_away_or_unwilling_is_said_and_nothing_changes(
    anna, synerise, fault, words, outcome
):
    synerise.do("faults", fault)
    found = anna.does("check-now")
    assert found.status_code == 200
    assert words in said(found)
    assert "Nothing was changed." in said(found)
    assert outcomes(anna) == [outcome]


def test_a_slow_one_is_not_waited_for(anna, synerise, ask):
    ask(synerise, seconds=0.3)
    synerise.do("faults", {"slow": 2})
    assert "gave no answer that could be read" in said(anna.does("check-now"))
    assert outcomes(anna) == ["unreachable"]


def test_who_is_unknown_there_is_said_to_be(anna, synerise):
    synerise.do("profiles", None, "DELETE")
    assert "Synerise knows no such profile." in said(anna.does("check-now"))
    assert outcomes(anna) == ["no-such-profile"]
