"""The tracked event: what it says, and when it is the same event as before."""

from datetime import timedelta

import pytest

from resign.outbox.contract import Accepted

RESERVED = {"modifiedBy", "apiKey", "eventUUID", "ip", "time", "businessProfileId", "email"}
SALT = "optout-019f0000-0000-7000-8000-000000000001"


@pytest.fixture
def told(destination, network, message):
    def tell(*arguments, settings=None, **changes):
        target = destination(synerise_tell="event", **(settings or {}))
        assert target.deliver([message(*arguments, **changes)]) == Accepted()
        assert network.calls[-1] == "POST /v4/events/custom"
        return network.bodies[-1]

    return tell


def test_an_opt_out_is_the_whole_event(told):
    assert told(method="one-click", campaign="Spring 24") == {
        "action": "newsletter.optout",
        "label": "Opt-out through resign",
        "client": {"email": "anna+news@example.com"},
        "time": "2026-05-04T10:11:11.345Z",
        "eventSalt": SALT,
        "params": {
            "source": "resign",
            "agreement": "newsletter",
            "choice": "opt-out",
            "method": "one-click",
            "campaign": "Spring 24",
            "decision": "019f0000-0000-7000-8000-000000000001",
        },
    }


def test_an_opt_in_is_an_event_of_its_own(told):
    event = told(choice="opt-in", settings={"synerise_undo_event": "mail.back"})
    assert event["action"] == "mail.back"
    assert event["params"]["choice"] == "opt-in"
    assert event["label"]


@pytest.mark.parametrize(
    ("kind", "value", "client"),
    [
        ("email", "anna@example.com", {"email": "anna@example.com"}),
        ("customId", "C-1042", {"customId": "C-1042"}),
        ("clientId", "400000001", {"id": 400_000_001}),
    ],
)
def test_the_client_is_named_as_events_name_it(told, kind, value, client):
    assert told(kind, value)["client"] == client


def test_where_emails_are_not_unique_no_email_is_sent(told):
    settings = {"synerise_emails": "non-unique", "synerise_attribute": "mail_ok"}
    assert told("customId", "C-1042", settings=settings)["client"] == {"customId": "C-1042"}


def test_no_parameter_is_reserved_null_or_an_address(told):
    params = told()["params"]
    assert not set(params) & RESERVED
    assert None not in params.values()
    assert "campaign" not in params
    assert "@" not in str(params)


def test_a_retry_is_the_same_event(told, clock):
    first = told()
    clock.advance(hours=72)
    assert told() == first


def test_a_telling_anew_is_a_new_event_of_now(told, clock):
    first = told()
    clock.advance(minutes=11)
    anew = told(tellings=1)
    assert anew["eventSalt"] == f"{SALT}-1"
    assert anew["time"] == "2026-05-04T10:22:12.000Z"
    assert first["eventSalt"] == SALT
    assert told(tellings=2)["eventSalt"] == f"{SALT}-2"


def test_a_time_in_the_future_is_never_sent(told, clock):
    assert told(decided_at=clock.now() + timedelta(minutes=5))["time"] == "2026-05-04T10:11:12.000Z"


def test_a_hostile_campaign_cannot_spoil_the_opt_out(told):
    assert told(campaign="a\x00b\r\n\ud800😀c" + "x" * 500)["params"]["campaign"] == "abc" + "x" * 197
    assert "campaign" not in told(campaign="\x00 ")["params"]


def test_an_event_takes_ten_minutes_to_settle(destination):
    assert destination(synerise_tell="event").settles_within == timedelta(minutes=10)
    assert destination(synerise_tell="incoming").settles_within == timedelta(minutes=10)
    assert destination().settles_within == timedelta(seconds=30)
