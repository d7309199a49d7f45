"""The page for the operator tells the truth: its template works, and its document is what is sent."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from resign.sandbox import create_sandbox

PAGE = (Path(__file__).parents[2] / "docs" / "synerise.md").read_text(encoding="utf-8")


def block(language):
    return re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[1]


@pytest.fixture
def mailbox():
    hands = create_sandbox().test_client()
    anna = {"email": "anna@example.com", "attributes": {"resign_token": "canary-token"}}
    hands.post("/sandbox/profiles", json=[anna, {"email": "ola@example.com"}])

    def send(email):
        return hands.post("/sandbox/mailbox", json={"email": email, "template": block("html")})

    send.body = lambda number: hands.get(f"/sandbox/mailbox/{number}/body").text
    return send


def test_the_template_prints_the_link(mailbox):
    answer = mailbox("anna@example.com")
    assert answer.status_code == 201
    link = re.search(r'href="([^"]+)"', mailbox.body(answer.json["id"]))[1]
    assert urlsplit(link).path == "/u/canary-token"


def test_the_template_stops_the_mail_to_somebody_without_a_token(mailbox):
    answer = mailbox("ola@example.com")
    assert answer.status_code == 409
    assert answer.json["reason"] == "killed"


def test_the_document_has_the_fields_that_are_sent(destination, network, message):
    destination(synerise_tell="incoming").deliver([message(campaign="spring", method="one-click")])
    shown = json.loads(block("json"))
    [sent] = network.bodies
    assert shown.keys() == sent.keys()
    varying = {"email", "decidedAt"}
    assert {name: shown[name] for name in shown.keys() - varying} == {
        name: sent[name] for name in sent.keys() - varying
    }


@pytest.mark.parametrize("name", ["newsletter.optout", "newsletter.optout.undone"])
def test_the_events_are_named_as_they_are_sent(workspace, name):
    assert name in {workspace().synerise_event, workspace().synerise_undo_event}
    assert f"`{name}`" in PAGE
