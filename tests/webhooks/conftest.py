"""A receiver of webhooks, a destination that posts to it, and messages."""

from ipaddress import ip_network

import pytest

from resign.outbox.contract import Message
from resign.settings.destinations import WebhookTo
from resign.webhooks import WebhookDestination
from tests.support.decisions import ANNA, decision
from tests.support.receiver import SECRET, Receiver

HERE = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def receiver():
    opened = Receiver()
    yield opened
    opened.close()


@pytest.fixture
def webhook(receiver, clock):
    """A destination of the receiver's; `more` are other settings than usual."""
    made = []

    def make(name: str = "crm", **more) -> WebhookDestination:
        to = WebhookTo(**{"name": name, "url": receiver.url, "secrets": (SECRET,), "networks": HERE, **more})
        made.append(WebhookDestination("default", to, clock))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def message(clock):
    def make(profile=ANNA, **more) -> Message:
        made = decision(clock, profile)
        return Message(
            **{"decision_id": made.id, "profile": profile, "agreement": "newsletter", "choice": "opt-out",
               "decided_at": clock.now(), **more}
        )  # fmt: skip

    return make
