"""One webhook against a real receiver, which verifies by the spec's own library."""

import base64
from datetime import timedelta
from uuid import uuid4

import pytest
from standardwebhooks import Webhook

from resign.ids import reference
from resign.outbox.contract import Accepted, Busy, Misconfigured, Unreachable
from resign.outward.signing import key_of, signed
from resign.profile import Profile
from resign.webhooks.destination import said
from tests.support.receiver import SECRET

NEW = "whsec_" + base64.b64encode(b"another secret of thirty-two byt").decode()


@pytest.fixture
def clock(clock):
    """The library believes a timestamp of these minutes only."""
    from datetime import UTC, datetime  # noqa: PLC0415

    clock._now = datetime.now(UTC)
    return clock


def test_the_published_example_of_the_scheme():
    """github.com/standard-webhooks/standard-webhooks, spec: secret, id, timestamp, body and signature."""
    headers = signed(
        [key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
        b'{"test": 2432232314}',
    )  # fmt: skip
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_decision_is_posted_thin_and_verified(webhook, receiver, message, clock):
    told = message(method="page", campaign="spring", origin=None)
    assert webhook().deliver([told]) == Accepted()
    assert receiver.forged == []
    assert receiver.posts == [
        {
            "type": "consent.opted-out",
            "timestamp": clock.now().isoformat().replace("+00:00", "Z"),
            "data": {
                "decision": str(told.decision_id), "reference": reference(told.decision_id), "workspace": "default",
                "agreement": "newsletter", "choice": "opt-out", "profile": {"email": "anna@example.com"},
                "method": "page", "origin": None, "campaign": "spring", "evidence": None,
            },
        }
    ]  # fmt: skip
    assert receiver.headers[0]["webhook-id"] == f"msg_{told.decision_id.hex}"
    assert receiver.headers[0]["content-type"] == "application/json"


def test_the_id_stays_over_retries_and_the_timestamp_is_of_the_try(webhook, receiver, message, clock):
    told, destination = message(), webhook()
    receiver.says(500)
    destination.deliver([told])
    clock.advance(seconds=30)
    destination.deliver([told])
    first, second = receiver.headers
    assert first["webhook-id"] == second["webhook-id"]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 30


@pytest.mark.parametrize("knows", [SECRET, NEW])
def test_while_a_secret_is_replaced_either_verifies(webhook, receiver, message, knows):
    receiver.secret = knows
    assert webhook(secrets=(SECRET, NEW)).deliver([message()]) == Accepted()
    assert len(receiver.posts) == 1


def test_another_secret_is_refused_by_the_receiver(webhook, receiver, message):
    webhook(secrets=(NEW,)).deliver([message()])
    assert receiver.posts == []
    assert len(receiver.forged) == 1


def test_every_name_of_a_person_arrives_unbroken(webhook, receiver, message):
    for profile in (
        Profile("email", "zażółć.gęślą@example.com"),
        Profile("customId", 'quo"te\\</script>'),
        Profile("clientId", "17"),
    ):
        webhook().deliver([message(profile)])
        assert receiver.posts[-1]["data"]["profile"] == {profile.kind: profile.value}


@pytest.mark.parametrize(
    ("status", "headers", "means"),
    [
        (200, {}, Accepted), (204, {}, Accepted), (202, {}, Accepted),
        (301, {"Location": "http://127.0.0.1:1/"}, Misconfigured), (307, {"Location": "/"}, Misconfigured),
        (304, {}, Misconfigured), (400, {}, Unreachable), (401, {}, Misconfigured), (403, {}, Misconfigured),
        (404, {}, Misconfigured), (405, {}, Misconfigured), (409, {}, Unreachable), (410, {}, Misconfigured),
        (422, {}, Unreachable), (429, {}, Busy), (500, {}, Unreachable), (502, {}, Unreachable), (503, {}, Busy),
        (599, {}, Unreachable),
    ],
)  # fmt: skip
def test_what_each_answer_means(webhook, receiver, message, status, headers, means):
    receiver.answer = lambda _: (status, headers, b"secret words of the receiver" if status != 204 else b"")
    outcome = webhook().deliver([message()])
    assert type(outcome) is means
    assert "secret words" not in repr(outcome)
    assert status < 300 or str(status) in outcome.reason
    assert said(outcome)


def test_the_receiver_says_how_much_later(webhook, receiver, message):
    for status, asked, wait in ((429, "7", 7), (503, "90", 90), (503, "99999999999", 3600)):
        receiver.says(status, Retry_After=asked)
        assert webhook().deliver([message()]).after == timedelta(seconds=wait)


def test_a_200_that_is_an_error_is_none_where_the_settings_say_how_a_yes_looks(webhook, receiver, message):
    receiver.says(200, b'{"status": "error", "detail": "disk full"}')
    assert webhook().deliver([message()]) == Accepted()
    careful = webhook(ok='"status": "ok"')
    outcome = careful.deliver([message()])
    assert isinstance(outcome, Unreachable)
    assert "does not hold what the settings name as ok" in outcome.reason
    receiver.says(200, b'{"status": "ok"}')
    assert careful.deliver([message()]) == Accepted()


def test_an_address_that_is_not_public_holds_the_lane_and_says_what_to_do(webhook, receiver, message):
    outcome = webhook(networks=()).deliver([message()])
    assert isinstance(outcome, Misconfigured)
    assert "give the network under networks" in outcome.reason
    assert "127.0.0.1" not in outcome.reason
    assert receiver.asked == 0


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://127.0.0.1:1/hook", "it cannot be reached"),
        ("https://no-such-host.invalid/hook", "its name was not found"),
    ],
)
def test_what_cannot_be_reached_is_said_without_the_address(webhook, message, url, says):
    assert webhook(url=url).deliver([message()]) == Unreachable(says)


def test_a_certificate_that_does_not_hold_is_said(tmp_path, message, webhook):
    from tests.support.receiver import Receiver  # noqa: PLC0415
    from tests.support.tls import Authority  # noqa: PLC0415

    receiver = Receiver(tls=Authority(tmp_path).server("hooks.example"))
    outcome = webhook(url=f"https://127.0.0.1:{receiver.port}/").deliver([message()])
    receiver.close()
    assert outcome == Unreachable("its certificate does not hold for its name, or is not trusted here")


def test_a_test_is_signed_and_about_nobody(webhook, receiver):
    assert webhook().test(uuid4()) == Accepted()
    [post] = receiver.posts
    assert post["type"] == "test"
    assert set(post["data"]) == {"workspace", "says"}
    assert receiver.headers[0]["webhook-id"].startswith("test_")


def test_the_library_of_the_spec_signs_the_same(clock):
    """Its own signing beside ours, over bodies of every sort."""
    for body in ("", "{}", "ż" * 5000, '{"a":"\\u0000"}'):
        ours = signed([key_of(SECRET)], "msg_1", int(clock.now().timestamp()), body.encode())
        assert ours["webhook-signature"] == Webhook(SECRET).sign("msg_1", clock.now(), body)
