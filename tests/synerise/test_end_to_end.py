"""Each way of telling against the pretend Synerise over real HTTP: what counts is what it holds at the end."""

import logging
import time

import pytest

from resign.outbox.contract import Accepted, Confirmed, Differs, Misconfigured, NoSuchProfile, Unreachable
from resign.profile import Profile
from resign.synerise import check
from tests.support.pretend import EMAIL, Sandbox

WAYS = ("profile", "event", "incoming")


@pytest.fixture
def sandbox(caplog):
    caplog.set_level(logging.ERROR, logger="werkzeug")
    made = []

    def of(**settings):
        made.append(Sandbox(**settings))
        return made[-1]

    yield of
    for one in made:
        one.close()


@pytest.fixture
def against(destination, clock):
    """A destination for a sandbox; the clock that stands still lies in the past, as a decision's time does."""

    def of(sandbox, **settings):
        return destination(transport=None, **sandbox.as_settings(**settings))

    return of


def confirmed(target, message, within=5.0):
    """What reading back says, once it no longer says "not yet"."""
    ends = time.monotonic() + within
    while isinstance(told := target.read_back(message), Differs) and time.monotonic() < ends:
        time.sleep(0.02)
    return told


NAMES = [("email", EMAIL), ("customId", "C/1042"), ("clientId", None)]


@pytest.mark.parametrize("tell", WAYS)
@pytest.mark.parametrize(("kind", "value"), NAMES, ids=[kind for kind, _ in NAMES])
def test_an_opt_out_and_its_undo_arrive_and_are_confirmed(sandbox, against, message, tell, kind, value):
    pretend = sandbox()
    target = against(pretend, synerise_tell=tell)
    profile = Profile.of(kind, value or str(pretend.client_id))
    found = None if kind == "email" else EMAIL

    out = message(profile=profile)
    assert target.deliver([out]) == Accepted()
    assert confirmed(target, out) == Confirmed(found)
    assert pretend.holds()["agreements"]["email"] is False

    again = message(profile=profile, choice="opt-in", decision_id="019f0000-0000-7000-8000-000000000002")
    assert isinstance(target.read_back(again), Differs)
    assert target.deliver([again]) == Accepted()
    assert confirmed(target, again) == Confirmed(found)
    assert pretend.holds()["agreements"]["email"] is True


@pytest.mark.parametrize("tell", WAYS)
@pytest.mark.parametrize("kind", ["customId", "clientId"])
def test_where_emails_are_not_unique_the_attribute_is_switched(sandbox, against, message, tell, kind):
    pretend = sandbox(emails="non-unique")
    target = against(pretend, synerise_tell=tell)
    out = message(profile=Profile.of(kind, "C/1042" if kind == "customId" else str(pretend.client_id)))
    assert target.deliver([out]) == Accepted()
    assert confirmed(target, out) == Confirmed(EMAIL)
    assert pretend.holds()["attributes"][pretend.settings.attribute] == "disabled"


@pytest.mark.parametrize("tell", WAYS)
@pytest.mark.parametrize("folds", [True, False])
def test_an_address_in_other_letters_reaches_its_profile_or_nobody(sandbox, against, message, tell, folds):
    """Whether Synerise folds the case of addresses is not documented; the promise holds either way."""
    pretend = sandbox(fold_emails=folds)
    pretend.do("profiles", None, "DELETE")
    pretend.do("profiles", [{"email": "anna@example.com"}])
    target = against(pretend, synerise_tell=tell)
    out = message(value="ANNA@example.com")
    assert target.deliver([out]) == Accepted()
    assert confirmed(target, out) == Confirmed()
    assert pretend.holds()["agreements"]["email"] is False


@pytest.mark.parametrize("tell", WAYS)
def test_somebody_unknown_is_not_brought_into_being(sandbox, against, message, tell):
    pretend = sandbox()
    target = against(pretend, synerise_tell=tell)
    stranger = message(value="erased@example.com")
    assert isinstance(target.deliver([stranger]), NoSuchProfile)
    assert isinstance(target.read_back(stranger), NoSuchProfile)
    assert pretend.holds()["email"] == EMAIL


def test_many_client_ids_travel_as_one_batch_and_create_nobody(sandbox, against, message):
    pretend = sandbox()
    ids = pretend.do("profiles", [{"customId": f"D-{number}"} for number in range(50)])["clientIds"]
    target = against(pretend)
    told = [message("clientId", str(number)) for number in (*ids, 999_999_999)]
    [parcel] = target.parcels(told)
    assert target.deliver(parcel) == Accepted()
    assert all(confirmed(target, one) == Confirmed() for one in told[:-1])
    assert isinstance(target.read_back(told[-1]), NoSuchProfile)
    assert pretend.look("profiles")["counts"] == {"total": 51, "enabled": 1, "disabled": 50}


@pytest.mark.parametrize(("tell", "path"), [("event", "/v4/events"), ("incoming", "/automation")])
def test_a_lost_answer_told_again_starts_the_automation_once(sandbox, against, message, tell, path):
    pretend = sandbox()
    target = against(pretend, synerise_tell=tell)
    pretend.do("faults", {"lost_answers": True, "paths": path, "times": 1})
    assert isinstance(target.deliver([message()]), Unreachable)
    assert target.deliver([message()]) == Accepted()
    assert confirmed(target, message()) == Confirmed()
    assert pretend.look("events")["automation"]["started"] == 1


@pytest.mark.parametrize("tell", ["event", "incoming"])
def test_a_stopped_automation_is_found_out_and_told_anew_later(sandbox, against, message, clock, tell):
    pretend = sandbox()
    target = against(pretend, synerise_tell=tell)
    pretend.do("automation", {"running": False})
    assert target.deliver([message()]) == Accepted()
    assert isinstance(confirmed(target, message(), within=0.2), Differs)
    pretend.do("automation", {"running": True})
    clock.advance(minutes=10)
    # The same telling once more is the same event: it starts nothing, and only a new one does.
    target.deliver([message()])
    assert isinstance(confirmed(target, message(), within=0.2), Differs)
    target.deliver([message(tellings=1)])
    assert confirmed(target, message()) == Confirmed()


@pytest.mark.parametrize("expired_as", [401, 403])
def test_an_expired_token_costs_one_log_in(sandbox, against, message, expired_as):
    pretend = sandbox()
    target = against(pretend)
    target.deliver([message()])
    pretend.do("faults", {"expired_as": expired_as})
    pretend.do("faults", {"expire_tokens": True})
    assert target.deliver([message(choice="opt-in")]) == Accepted()
    assert confirmed(target, message(choice="opt-in")) == Confirmed()


@pytest.mark.parametrize("tell", WAYS)
def test_a_missing_permission_is_named_and_works_once_it_is_given(sandbox, against, message, tell):
    pretend = sandbox()
    target = against(pretend, synerise_tell=tell)
    held = pretend.do("key", {"permissions": ["SANDBOX_CLIENT_READ"]})["permissions"]
    told = target.deliver([message()])
    assert isinstance(told, Misconfigured)
    assert "permission" in told.reason
    assert held == ["SANDBOX_CLIENT_READ"]
    pretend.do("key", {"permissions": sorted(pretend.settings.permissions)})
    assert target.deliver([message()]) == Accepted()
    assert confirmed(target, message()) == Confirmed()


@pytest.mark.parametrize("tell", WAYS)
def test_basic_works_and_says_so_when_it_is_switched_off(sandbox, against, message, tell):
    pretend = sandbox()
    basic = {"synerise_auth": "basic", "synerise_workspace_guid": pretend.settings.workspace_guid}
    target = against(pretend, synerise_tell=tell, **basic)
    assert target.deliver([message()]) == Accepted()
    assert confirmed(target, message()) == Confirmed()
    pretend.do("key", {"basic_enabled": False})
    told = target.deliver([message()])
    assert isinstance(told, Misconfigured)
    assert "Basic" in told.reason


@pytest.mark.parametrize("tell", WAYS)
def test_the_doctor_finds_a_sound_workspace_sound_and_changes_nothing(sandbox, workspace, clock, tell):
    pretend = sandbox()
    sound = workspace(**pretend.as_settings(synerise_tell=tell))
    assert [finding for finding in check(sound, clock) if not finding.ok] == []
    assert len(pretend.profiles) == 1
    pretend.do("key", {"permissions": []})
    # Reading, and what the way of telling needs; the update of one profile has no name that could be asked for.
    expected = 1 if tell == "profile" else 2
    assert len([finding for finding in check(sound, clock) if not finding.ok]) == expected
