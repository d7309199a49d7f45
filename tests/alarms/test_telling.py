"""The webhook over real HTTP: signed, once, again after a failure, and not told twice by two workers or a restart."""

import base64
import logging
import threading
from datetime import timedelta

import pytest

from resign.alarms.telling import Telling
from resign.alarms.webhook import Webhook
from resign.outbox.contract import Accepted, Unreachable
from resign.outward.signing import signed
from tests.alarms.conftest import SECRET
from tests.outbox.test_worker import run_for
from tests.support.decisions import decision, record
from tests.support.destination import ScriptedDestination


@pytest.fixture
def telling(database, clock, receiver):
    opened = []

    def make() -> Telling:
        opened.append(Telling(database, Webhook(receiver.url, SECRET), clock, {"default": []}))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def rounds(telling: Telling) -> None:
    while telling.step():
        pass


def test_it_is_told_when_raised_when_it_rises_every_six_hours_and_when_it_clears(
    database, clock, receiver, telling, make_worker
):
    destination = ScriptedDestination(tell=lambda _: Unreachable("no answer"))
    record(database, decision(clock))
    worker = make_worker(destination)
    worker.drain()
    told = telling()
    heard = {0: [], 5: ["raised notice"], 60: ["risen warning"], 359: [], 420: ["repeated warning"], 421: []}
    at = 0
    for minute, expected in heard.items():
        clock.advance(minutes=minute - at)
        at = minute
        rounds(told)
        assert [
            f"{post['type'].removeprefix('alarm.')} {post['data']['level']}" for post in receiver.posts
        ] == expected
        receiver.posts.clear()
    destination.tell = lambda _: Accepted()
    run_for(worker, clock, minutes=20)
    rounds(told)
    rounds(told)
    assert receiver.heard() == [("alarm.cleared", "late", "warning")]
    assert receiver.forged == []


def test_what_is_posted_names_nobody(database, clock, receiver, telling):
    record(database, decision(clock))
    clock.advance(minutes=3)
    rounds(telling())
    (post,) = receiver.posts
    assert post == {
        "type": "alarm.raised",
        "timestamp": clock.now().isoformat(),
        "data": {
            "name": "waiting", "workspace": "default", "level": "warning",
            "since": (clock.now() - timedelta(minutes=3)).isoformat(), "meaning": post["data"]["meaning"],
        },
    }  # fmt: skip
    assert "worker" in post["data"]["meaning"]
    assert receiver.ids[0].startswith("msg_")


def test_a_restart_and_a_second_worker_tell_nothing_twice(database, clock, receiver, telling):
    record(database, decision(clock))
    clock.advance(minutes=3)
    several = [threading.Thread(target=rounds, args=(telling(),)) for _ in range(3)]
    for each in several:
        each.start()
    for each in several:
        each.join(30)
    rounds(telling())
    assert len(receiver.posts) == 1


@pytest.mark.parametrize("status", [500, 404, 301])
def test_what_was_not_taken_is_told_in_a_later_round_under_the_same_number(
    database, clock, receiver, telling, status, caplog
):
    record(database, decision(clock))
    clock.advance(minutes=3)
    told, receiver.status, receiver.location = telling(), status, f"{receiver.url}/elsewhere"
    with caplog.at_level(logging.WARNING):
        rounds(told)
        rounds(told)
        assert len(receiver.ids) == 1, "it waits for the next round"
        clock.advance(seconds=30)
        receiver.status, receiver.location = 204, ""
        rounds(told)
    assert len(set(receiver.ids)) == 1
    assert len(receiver.ids) == 2
    said = [each.getMessage() for each in caplog.records if each.name == "resign.alarms.telling"]
    assert [line.split(" (")[0] for line in said] == [
        "The webhook for alarms cannot be reached", "The webhook for alarms is reached again",
    ]  # fmt: skip
    assert "127.0.0.1" not in "".join(said)


def test_nobody_there_is_no_end(database, clock, telling, receiver):
    receiver.close()
    record(database, decision(clock))
    clock.advance(minutes=3)
    told = telling()
    rounds(told)
    clock.advance(seconds=30)
    assert told.step(), "it is tried again"


def test_what_passed_before_anybody_heard_of_it_is_not_told(database, clock, receiver, telling, make_worker):
    record(database, decision(clock))
    clock.advance(minutes=3)
    told, receiver.status = telling(), 500
    rounds(told)
    make_worker(ScriptedDestination()).drain()
    receiver.posts.clear()
    clock.advance(minutes=1)
    rounds(told)
    assert receiver.posts == []


def test_a_worker_that_died_while_telling_is_stood_in_for(database, clock, receiver, telling):
    class Dies:
        def post(self, *_):
            raise KeyboardInterrupt

        def close(self):
            pass

    record(database, decision(clock))
    clock.advance(minutes=3)
    with pytest.raises(KeyboardInterrupt):
        Telling(database, Dies(), clock, {"default": []}).step()
    rounds(telling())
    assert receiver.posts == []
    clock.advance(minutes=2)
    rounds(telling())
    assert [name for _, name, _ in receiver.heard()].count("waiting") == 1


def test_the_signature_is_that_of_standard_webhooks():
    """The vector of its specification's own libraries."""
    headers = signed(
        [base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
        b'{"test": 2432232314}',
    )  # fmt: skip
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
