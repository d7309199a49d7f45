"""RFC 8058 over real sockets: what mail clients send is recorded and told (A1, A2, A7, A8, A12)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.live.wire import ONE_CLICK, Wire, post, request

MULTIPART = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
BOUNDARY = "multipart/form-data; boundary=b"


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (ONE_CLICK, "application/x-www-form-urlencoded", "one-click"),
        (ONE_CLICK, "application/x-www-form-urlencoded; charset=UTF-8", "one-click"),
        (MULTIPART, BOUNDARY, "multipart"),
        (b"--b\r\nthis never ends", BOUNDARY, "multipart"),
        (ONE_CLICK, "text/plain", "one-click"),
        (b"hello", "text/plain", "text"),
        (b"", "application/x-www-form-urlencoded", "none"),
        (b"x" * 16 * 1024, "application/octet-stream", "other"),
    ],
)
def test_whatever_the_body_it_is_recorded(ask, anna, body, content_type, kind):
    answer = ask(post(anna.path, body, Content_Type=content_type, Content_Length=str(len(body))))
    assert answer.status == 200
    assert answer.header("content-type").startswith("text/plain")
    assert answer.text.startswith("You are opted out.")
    assert anna.decisions() == [("opt-out", "one-click", kind)]


def test_a_post_without_body_type_or_length_is_recorded(ask, anna):
    assert ask(request("POST", anna.path)).status == 200
    assert anna.decisions() == [("opt-out", "one-click", "none")]


def test_an_opt_out_reaches_synerise_and_is_confirmed(ask, live):
    anna = live.somebody().is_planted()
    assert ask(post(anna.path)).status == 200
    live.until(lambda: anna.states() == ["confirmed"], "Synerise confirms")
    profiles = live.ask_sandbox("GET", f"/sandbox/profiles?q={anna.email}")["profiles"]
    assert [profile["agreement"] for profile in profiles] == ["disabled"]


def test_webmail_posts_from_another_site_and_is_heard(ask, anna):
    answer = ask(
        post(
            anna.path,
            Origin="https://evil.example",
            Referer="https://evil.example/mail",
            Sec_Fetch_Site="cross-site",
            Sec_Fetch_Mode="no-cors",
            Cookie="session=somebody-elses",
        )
    )
    assert answer.status == 200
    assert len(anna.decisions()) == 1


def test_a_hundred_parallel_posts_are_one_consent_and_all_are_told_done(live, anna):
    """All are on their way before the first answer is read."""
    wires = [Wire(live.address) for _ in range(100)]
    with ThreadPoolExecutor(20) as pool:
        for _ in pool.map(lambda wire: wire.send(post(anna.path)), wires):
            pass
        statuses = list(pool.map(lambda wire: wire.answer().status, wires))
    for wire in wires:
        wire.close()
    assert statuses == [200] * 100
    assert len(anna.decisions()) == 100
    live.until(lambda: len(anna.states()) == 100, "all are fanned out")
    consents = live.rows(
        "SELECT DISTINCT c.choice, c.digest FROM consents c JOIN decisions d USING (digest)"
        " WHERE d.identifier = :email",
        email=anna.email,
    )
    assert [row.choice for row in consents] == ["opt-out"]


@pytest.mark.parametrize("sent", [0, 16 * 1024 + 1])
def test_a_body_over_16_kib_is_refused_at_once_even_before_it_is_sent(ask, anna, sent):
    answer = ask(post(anna.path, b"x" * sent, Content_Length=str(16 * 1024 + 1)))
    assert answer.status == 413
    assert "<h1" in answer.text
    assert anna.decisions() == []


def test_a_client_that_asks_first_hears_that_its_body_is_too_large(ask, anna):
    answer = ask(request("POST", anna.path, Content_Length="20000", Expect="100-continue"))
    assert answer.status == 413
    assert anna.decisions() == []
