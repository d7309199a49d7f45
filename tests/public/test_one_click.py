"""RFC 8058 and what mail clients really send: a link that opens and a POST are the opt-out (requirements A)."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from werkzeug.test import EnvironBuilder, run_wsgi_app

from resign.ledger.tables import Consent, Decision
from resign.outbox.fanout import fan_out
from tests.support.decisions import DIGEST_KEY
from tests.support.person import FORM, ONE_CLICK

BOUNDARY = "multipart/form-data; boundary=b"
MULTIPART = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (ONE_CLICK, FORM, "one-click"),
        (MULTIPART, BOUNDARY, "multipart"),
        (b"--b\r\nthis never ends", BOUNDARY, "multipart"),
        (ONE_CLICK, "text/plain", "one-click"),
        (b"hello", "text/plain", "text"),
        (ONE_CLICK, None, "one-click"),
        (b"", None, "none"),
        (b"", FORM, "none"),
        (b"%%%=&&&=\xff\xfe", FORM, "form"),
        (b"page=<script>&l=xx", FORM, "form"),
        (b"a=1&" * 400, FORM, "unreadable"),
        (ONE_CLICK + b"\r\n", FORM, "one-click"),
        (ONE_CLICK + b"&x=1", FORM, "one-click"),
        (b"list-unsubscribe=one-click", FORM, "one-click"),
        (b'{"List-Unsubscribe": "One-Click"}', "application/json", "other"),
        (b"\x00\x01\x02", "no/such; type=;;;", "other"),
    ],
)
def test_any_body_is_the_opt_out_and_its_kind_is_noted(anna, body, content_type, kind):
    response = anna.clicks_once(data=body, content_type=content_type)
    assert (response.status_code, response.mimetype) == (200, "text/plain")
    assert response.text.startswith("You are opted out.")
    (decision,) = anna.decisions()
    assert (decision.choice, decision.method, decision.body) == ("opt-out", "one-click", kind)
    assert decision.identifier == anna.profile.value


def test_a_body_that_breaks_off_is_the_opt_out_all_the_same(anna, client):
    class BreaksOff(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, _buffer):
            raise OSError("the client went away")

    environ = EnvironBuilder(path=anna.path, method="POST", content_type=FORM).get_environ()
    environ["CONTENT_LENGTH"] = "400"
    environ["wsgi.input"] = BreaksOff()
    _, status, _ = run_wsgi_app(client.application, environ)
    assert status == "200 OK"
    assert [d.body for d in anna.decisions()] == ["unreadable"]


def test_the_evidence_is_complete(anna, clock):
    anna.client.post(f"{anna.path}?c=spring-letter&utm_source=mail", data=ONE_CLICK, content_type=FORM)
    (decision,) = anna.decisions()
    assert (decision.workspace, decision.agreement, decision.actor) == ("default", "newsletter", "person")
    assert (decision.campaign, decision.link_key, decision.at) == ("spring-letter", "k2", clock.now())
    assert (decision.page, decision.shown, decision.language) == (None, None, None)


@pytest.mark.parametrize("path", ["{}", "{}/", "{}//", "/{}", "{}?c=x", "{}/?l=pl", "//u//{token}"])
@pytest.mark.parametrize("host", ["localhost", "optout.example.com", "192.0.2.1:8443"])
def test_no_spelling_of_the_address_is_answered_with_a_redirect(anna, path, host):
    environ = EnvironBuilder(
        method="POST",
        data=ONE_CLICK,
        content_type=FORM,
        base_url=f"http://{host}",
        headers={"Accept-Language": "pl"},
    ).get_environ()
    environ["PATH_INFO"], _, environ["QUERY_STRING"] = path.format(anna.path, token=anna.token).partition("?")
    _, status, _ = run_wsgi_app(anna.client.application, environ)
    assert status == "200 OK"
    assert len(anna.decisions()) == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused_and_told_which_are_allowed(anna, method):
    response = anna.client.open(anna.path, method=method)
    assert response.status_code == 405
    assert {"GET", "POST", "HEAD"} <= set(response.headers["Allow"].split(", "))
    assert anna.decisions() == []


def test_webmail_posts_from_another_site_and_is_heard(anna):
    response = anna.clicks_once(headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 200
    assert len(anna.decisions()) == 1


def test_a_hundred_presses_at_once_are_one_consent_and_all_are_told_done(anna, database, clock):
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda _: anna.clicks_once().status_code, range(100)))
    assert statuses == [200] * 100
    with database.writing() as session:
        fan_out(session, ["default"], lambda *_: ["synerise"], lambda _: DIGEST_KEY, clock.now())
        session.commit()
    with database.reading() as session:
        assert list(session.scalars(select(Consent.choice))) == ["opt-out"]
        assert session.scalar(select(func.count()).select_from(Decision)) == 100


@pytest.mark.parametrize("content_type", [FORM, "text/plain", None])
def test_a_body_over_16_kib_is_refused(anna, content_type):
    response = anna.clicks_once(data=b"x" * (16 * 1024 + 1), content_type=content_type)
    assert response.status_code == 413
    assert anna.decisions() == []


def test_16_kib_are_not_too_much(anna):
    assert anna.clicks_once(data=b"x" * (16 * 1024)).status_code == 200


def test_a_good_link_never_meets_a_limit(anna):
    for n in range(150):
        anna.client.post(f"/u/k1.bad{n}.link", data=ONE_CLICK, content_type=FORM)
    assert {anna.clicks_once().status_code for _ in range(150)} == {200}
    assert {anna.opens().status_code for _ in range(20)} == {200}
