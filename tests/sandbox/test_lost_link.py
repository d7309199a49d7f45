"""The automations behind the lost-link form and the double opt-in: an event with a link becomes a mail."""

import pytest

LINK = "https://optout.example.com/u/token?c=a&b=%3C"
NOW = "2026-05-04T10:11:12Z"


def ask(api, action="resign.linkRequested", **params):
    body = {
        "action": action,
        "label": "A link was asked for",
        "time": NOW,
        "client": {"email": "anna@example.com"},
        "params": params,
    }
    assert api.post("/v4/events/custom", body).status_code == 202
    api.settled()
    return api.look("/sandbox/mailbox")["mails"]


def test_the_link_of_the_event_is_in_the_mail_whatever_the_agreement_says(api, anna):
    api.control("POST", f"/sandbox/profiles/{anna}/agreement", {"choice": "opt-out"})
    [mail] = ask(api, link=LINK)
    assert (mail["to"], mail["campaign"]) == ("anna@example.com", "lost-link")
    assert 'href="https://optout.example.com/u/token?c=a&amp;b=%3C"' in mail["html"]
    assert LINK in mail["text"]
    assert "List-Unsubscribe" not in mail["headers"]
    sent = api.look("/sandbox/events?action=message.sent")["events"]
    assert [event["params"]["campaignName"] for event in sent] == ["lost-link"]


@pytest.mark.parametrize(
    "link", [None, 7, "", "javascript:alert(1)", "https://x/\n", "https://" + "x" * 2000]
)
def test_an_event_without_a_web_address_sends_nothing(api, anna, link):
    assert ask(api, **({} if link is None else {"link": link})) == []


def test_another_event_sends_nothing_and_another_name_can_be_set(make):
    api = make(link_event_action="shop.linkWanted")
    api.seed({"email": "anna@example.com"})
    assert ask(api, link=LINK) == []
    assert len(ask(api, "shop.linkWanted", link=LINK)) == 1


def test_a_confirmation_has_a_mail_of_its_own(api, anna):
    [mail] = ask(api, "resign.confirmRequested", link=LINK)
    assert (mail["campaign"], mail["subject"]) == ("confirmation", "Please confirm what you chose")
    assert LINK in mail["text"]
    assert "stop our marketing" not in mail["html"]


def test_a_stopped_automation_sends_nothing(api, anna):
    api.control("POST", "/sandbox/automation", {"running": False})
    assert ask(api, link=LINK) == []
    assert api.look("/sandbox/automation")["missed"] == 1


def test_somebody_without_an_address_gets_nothing(api):
    api.seed({"customId": "C-7"})
    body = {
        "action": "resign.linkRequested",
        "label": "x",
        "time": NOW,
        "client": {"customId": "C-7"},
        "params": {"link": LINK},
    }
    assert api.post("/v4/events/custom", body).status_code == 202
    api.settled()
    assert api.look("/sandbox/mailbox")["mails"] == []
