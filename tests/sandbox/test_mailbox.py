"""The mailbox: what a recipient would see, and what a mail app would do with it."""

import email
from email.policy import default

import pytest

LINK = "http://127.0.0.1:8000/u/tok?c=spring"
ANNA = {"email": "anna@example.com", "campaign": "spring"}


def send(api, **asked):
    return api.control("POST", "/sandbox/mailbox", {**ANNA, **asked})


def parsed(api, number=1):
    return email.message_from_bytes(api.http.get(f"/sandbox/mailbox/{number}.eml").data, policy=default)


def test_a_mail_has_the_link_in_sight_and_in_its_headers(api, anna):
    mail = send(api)
    assert mail.status_code == 201
    assert f'<a href="{LINK}">Unsubscribe</a>' in mail.json["html"]
    assert "Hello Anna," in mail.json["html"]
    message = parsed(api)
    assert message["To"] == "anna@example.com"
    assert message["List-Unsubscribe"] == f"<{LINK}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert LINK in message.get_body(("html",)).get_content()
    assert LINK in message.get_body(("plain",)).get_content()


def test_a_long_link_stays_on_one_line_of_the_raw_mail(api):
    token = "t" * 200
    api.seed({"email": "anna@example.com", "attributes": {"resign_token": token}})
    send(api)
    raw = api.http.get("/sandbox/mailbox/1.eml").data
    assert f"List-Unsubscribe: <http://127.0.0.1:8000/u/{token}?c=spring>\r\n".encode() in raw


@pytest.mark.parametrize("who", [{"customId": "C-1"}, {"clientId": 400_000_001}])
def test_the_recipient_may_be_named_in_other_ways(api, anna, who):
    answer = api.control("POST", "/sandbox/mailbox", who)
    assert (answer.status_code, answer.json["to"]) == (201, "anna@example.com")


def test_who_does_not_agree_gets_no_mail_unless_the_sender_overrides(api, anna):
    api.control("POST", f"/sandbox/profiles/{anna}/agreement", {"choice": "opt-out"})
    refused = send(api)
    assert (refused.status_code, refused.json["reason"]) == (409, "no agreement")
    assert api.look("/sandbox/mailbox")["total"] == 0
    assert send(api, override=True).status_code == 201


def test_a_waiting_opt_out_does_not_yet_stop_a_mail(api, anna):
    api.post("/v4/clients/by-customid/C-1", {"agreements": {"email": False}})
    assert send(api).status_code == 201
    api.settled()
    assert send(api).status_code == 409


def test_nobody_gets_no_mail(api):
    assert send(api).status_code == 404


def test_without_a_token_the_link_leads_to_the_form_and_the_header_is_left_out(api):
    api.seed({"email": "anna@example.com"})
    mail = send(api).json
    assert 'href="http://127.0.0.1:8000/u/?c=spring"' in mail["html"]
    assert "List-Unsubscribe" not in mail["headers"]


def test_a_template_of_one_s_own_is_rendered_with_the_inserts(api, anna):
    api.seed({"email": "anna@example.com", "attributes": {"odd name": "x", "html": "<b>"}})
    template = "{{ customer.email }}|{{ customer.firstname }}|{{ customer['odd name'] }}|{{ customer.none.at.all }}|{{ customer.html }}|{% if customer.get('resign_token') %}yes{% endif %}"
    mail = send(
        api, template=template, subject="For {{ customer.firstname }}", one_click_url="{{ base_url }}/x"
    ).json
    assert mail["html"] == "anna@example.com|Anna|x||&lt;b&gt;|yes"
    assert mail["subject"] == "For Anna"
    assert mail["one_click_url"] == "http://127.0.0.1:8000/x"


def test_the_filters_for_a_computed_link_are_there(api, anna):
    template = (
        "{{ ('k' + customer.email)|hash('SHA-256') }} {{ 'abc'|md5 }} {{ 'a?'|base64Encode|urlencode }}"
    )
    digest, md5, encoded = send(api, template=template).json["html"].split()
    assert (len(digest), md5, encoded) == (64, "900150983cd24fb0d6963f7d28e17f72", "YT8%3D")


def test_a_template_can_stop_its_own_message(api, anna):
    template = "{%- if not customer.get('optout_token') -%}{% kill %}{%- endif -%}mail"
    refused = send(api, template=template)
    assert (refused.status_code, refused.json["reason"]) == (409, "killed")
    assert send(api, template=template.replace("optout_token", "resign_token")).json["html"] == "mail"


@pytest.mark.parametrize(
    "asked",
    [
        {"template": "{% if %}"},
        {"template": "{{ 1 / 0 }}"},
        {"template": "{{ 'a'|no_such_filter }}"},
        {"template": "{{ 'a'|hash('MD4') }}"},
        {"template": "{{ ''.__class__.__mro__ }}x{{ ''.__class__.__mro__[1].__subclasses__() }}"},
        {"subject": "a\nBcc: b@example.com"},
        {"colour": "red"},
        {"template": 7},
    ],
)
def test_a_mail_that_cannot_be_made_is_400_and_not_in_the_box(api, anna, asked):
    assert send(api, **asked).status_code == 400
    assert api.look("/sandbox/mailbox")["total"] == 0


def test_the_page_of_a_mail_has_the_mail_app_s_button_and_the_mail_in_a_frame(api, anna):
    send(api)
    page = api.http.get("/sandbox/mailbox/1").text
    assert 'action="/sandbox/mailbox/1/one-click"' in page
    assert 'src="/sandbox/mailbox/1/body"' in page
    body = api.http.get("/sandbox/mailbox/1/body")
    assert LINK in body.text
    assert '<base target="_blank">' in body.text
    assert "sandbox allow-popups" in body.headers["Content-Security-Policy"]


def test_the_mail_app_s_button_posts_as_rfc_8058_says(api, anna, receiver):
    send(api, one_click_url=receiver.url + "/u/tok?c=spring")
    answer = api.http.post("/sandbox/mailbox/1/one-click")
    assert answer.json == {"status": 200, "text": "done", "url": receiver.url + "/u/tok?c=spring"}
    [(path, headers, body)] = receiver.wait(1)
    assert (path, body) == ("/u/tok?c=spring", b"List-Unsubscribe=One-Click")
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert not {"Cookie", "Origin", "Referer"} & set(headers)
    assert "The address answered 200." in api.http.get("/sandbox/mailbox/1").text


def test_the_mail_app_s_button_follows_no_redirect(api, anna, receiver):
    receiver.answers["status"] = 302
    send(api, one_click_url=receiver.url)
    assert api.http.post("/sandbox/mailbox/1/one-click").json["status"] == 302
    assert len(receiver.received) == 1


def test_a_browser_is_led_back_to_the_mail(api, anna, receiver):
    send(api, one_click_url=receiver.url)
    answer = api.http.post("/sandbox/mailbox/1/one-click", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sandbox/mailbox/1")


def test_the_button_reaches_this_machine_only(api, anna):
    send(api, one_click_url="http://example.com/u/tok")
    answer = api.http.post("/sandbox/mailbox/1/one-click")
    assert answer.status_code == 400
    assert "this machine" in answer.json["error"]


def test_where_nobody_listens_the_button_says_so(api, anna):
    send(api, one_click_url="http://127.0.0.1:1/u/tok")
    assert api.http.post("/sandbox/mailbox/1/one-click").json["status"] == 0
    assert "Nobody answered." in api.http.get("/sandbox/mailbox/1").text


def test_a_mail_without_the_header_has_no_button(api):
    api.seed({"email": "anna@example.com"})
    send(api)
    assert "one-click" not in api.http.get("/sandbox/mailbox/1").text
    assert api.http.post("/sandbox/mailbox/1/one-click").status_code == 400


@pytest.mark.parametrize("path", ["/sandbox/mailbox/1", "/sandbox/mailbox/0", "/sandbox/mailbox/1.eml"])
def test_a_mail_that_was_never_sent_is_404(api, path):
    assert api.http.get(path).status_code == 404
