"""The lost-link form: an address in, always the same answer, and an opt-out never waits for its limits (B11)."""

import io
import re
from dataclasses import replace

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app

from resign.app import web_application
from resign.lost_links.tables import LinkRequest
from resign.profile import Profile
from resign.settings import load
from tests.support.decisions import ANNA, DIGEST_KEY
from tests.support.person import FORM, ONE_CLICK

WRONG = [
    "",
    " ",
    "anna",
    "anna@",
    "@example.com",
    "a b@example.com",
    "anna@example.com, boris@example.com",
    "anna@example.com\r\nBcc: boris@example.com",
    "🎈@example.com",
    '"><script>alert(1)</script>@example.com',
    "{{7*7}}@example",
    "a" * 300 + "@example.com",
    "a@example.xn--p1ai",
    "\x00@example.com",
]

OTHER_BODIES = [
    (b"", FORM),
    (b"", None),
    (ONE_CLICK, FORM),
    (b"email=", FORM),
    (b"email=%ff%fe", FORM),
    (b"a=1&" * 400, FORM),
    (b'{"email": "anna@example.com"}', "application/json"),
    (b"\x00\x01", "no/such; type=;;;"),
]


@pytest.fixture
def asked(database):
    def rows() -> list[LinkRequest]:
        with database.reading() as session:
            return list(session.scalars(select(LinkRequest).order_by(LinkRequest.id)))

    return rows


def ask(client: Client, email: str = ANNA.value, **more):
    return client.post("/u/", data={"email": email, "l": "en"}, **more)


def heading(response) -> str:
    return re.sub(r"\s+", " ", re.search(r"<h1[^>]*>(.*?)</h1>", response.text, re.DOTALL)[1]).strip()


@pytest.mark.parametrize("path", ["/u/", "/u", "/u//", "/u/?utm_source=x&snrs_he=y", "/u/?c=spring"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_without_a_token_there_is_the_form_and_no_redirect(client, asked, path, method):
    if method == "HEAD" and "//" in path:
        path = "/u/"
    response = client.open(path, method=method)
    assert response.status_code == 200
    assert (b'name="email"' in response.data) == (method == "GET")
    assert "utm_source" not in response.text
    assert asked() == []


@pytest.mark.parametrize("path", ["/u/", "/u"])
def test_an_address_is_written_down_for_the_worker_and_nothing_else_is_done(client, asked, clock, path):
    response = client.post(path, data={"email": " Anna@example.com ", "l": "en"})
    assert response.status_code == 200
    assert heading(response) == "Look in your inbox"
    assert "anna" not in response.text.lower()
    [row] = asked()
    assert (row.workspace, row.email, row.at, row.due_at) == (
        "default", "Anna@example.com", clock.now(), clock.now(),
    )  # fmt: skip
    assert row.digest == ANNA.digest(DIGEST_KEY)
    assert (row.verdict, row.tries) == (None, 0)


def test_a_page_for_a_bad_link_holds_the_form(client, asked):
    page = client.get("/u/k2.not.one")
    assert page.status_code == 404
    form = re.search(r"<form\b.*?</form>", page.text, re.DOTALL)[0]
    assert 'action="/u/"' in form
    assert 'name="email"' in form
    assert ask(client).status_code == 200
    assert len(asked()) == 1


def test_what_is_no_address_is_kept_to_be_mended_with_the_fault_at_its_field(client, asked):
    for typed in WRONG:
        response = ask(client, typed)
        assert response.status_code == 422
        field = re.search(r'<input type="email"[^>]*>', response.text)[0]
        assert 'aria-describedby="email-fault"' in field
        assert 'aria-invalid="true"' in field
        assert re.search(r'<p [^>]*id="email-fault">[^<]+</p>', response.text)
        assert '<label for="email">' in response.text
        assert "<script" not in response.text
        if typed.isprintable() and len(typed) < 254 and "<" not in typed:
            assert f'value="{typed}"' in response.text
    assert asked() == []


def test_any_other_body_gets_the_form_again(client, asked):
    for body, content_type in OTHER_BODIES:
        response = client.post("/u/", data=body, content_type=content_type)
        assert response.status_code == 422, body
        assert 'name="email"' in response.text
    assert asked() == []


def test_too_large_a_body_is_refused_at_once(client, asked):
    assert client.post("/u/", data=b"email=" + b"a" * 20_000, content_type=FORM).status_code == 413
    assert asked() == []


def test_a_body_that_breaks_off_ends_in_the_form(client, asked):
    class BreaksOff(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, _buffer):
            raise OSError("the client went away")

    environ = EnvironBuilder(path="/u/", method="POST", content_type=FORM).get_environ()
    environ |= {"wsgi.input": BreaksOff(), "CONTENT_LENGTH": "100"}
    _, status, _ = run_wsgi_app(client.application, environ)
    assert status.startswith("422")
    assert asked() == []


def test_for_a_known_and_an_unknown_address_all_is_the_same(anna, database, asked):
    """The same statements, the same bytes: there is nothing that could take longer for one than for the other."""
    anna.presses()
    statements: dict[str, list[str]] = {}
    for email in (ANNA.value, "nobody@example.com"):
        kept = statements[email] = []

        def keep(_connection, _cursor, statement, _parameters, _context, many, kept=kept):
            kept.append((statement, many))

        for engine in (database.engine, database.reader):
            event.listen(engine, "before_cursor_execute", keep)
        answers = [ask(anna.client, email) for _ in range(2)]
        for engine in (database.engine, database.reader):
            event.remove(engine, "before_cursor_execute", keep)
        statements[email] = [*kept, *((a.status, sorted(a.headers), a.data) for a in answers)]
    known, unknown = statements.values()
    assert known == unknown
    assert len(known) >= 2 + 2
    assert len(asked()) == 4


def test_every_workspace_may_know_the_address(tmp_path, clock, database, asked):
    table = (
        '[workspaces.{0}]\nkeys = "k1:first-secret-of-the-tests"\ndigest_key = "digest-secret-of-{0}-tests"\n'
        'sender = "{0}"\ncontact = "hello@{0}.example"\nsynerise_api_key = "x"\n'
    )
    config = tmp_path / "resign.toml"
    other = 'synerise_emails = "non-unique"\nsynerise_attribute = "mail_ok"\n'
    config.write_text(table.format("fern") + table.format("oak") + other)
    client = Client(web_application(load({"RESIGN_CONFIG": str(config)}), clock, database))
    response = ask(client)
    assert "hello@fern.example" in response.text
    assert "hello@oak.example" in response.text
    assert {row.workspace: row.digest for row in asked()} == {
        name: ANNA.digest(f"digest-secret-of-{name}-tests".encode()) for name in ("fern", "oak")
    }


def test_one_address_is_written_down_six_times_an_hour_and_the_answer_never_shows_it(client, asked):
    """Otherwise six requests by a stranger would shut the form for that person."""
    answers = [
        ask(client, email, environ_base={"REMOTE_ADDR": f"192.0.{number}.1"})
        for number, email in enumerate([*[ANNA.value] * 7, " ANNA@example.com"])
    ]
    assert len({(answer.status, tuple(answer.headers), answer.data) for answer in answers}) == 1
    assert answers[0].status_code == 200
    assert len(asked()) == 6
    assert ask(client, "boris@example.com").status_code == 200
    assert len(asked()) == 7


def test_the_hour_of_an_address_says_nothing_of_another_network(client, asked):
    """What is asked for too often counts for the stranger's network all the same."""
    answers = [ask(client).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
    assert ask(client, environ_base={"REMOTE_ADDR": "198.51.100.1"}).status_code == 200
    assert len(asked()) == 6


def test_one_network_may_ask_sixty_times_an_hour_and_another_is_not_held_up(client, asked):
    def from_network(number: int, address: str):
        return ask(client, f"p{number}@example.com", environ_base={"REMOTE_ADDR": address}).status_code

    assert {from_network(n, f"192.0.2.{n + 1}") for n in range(60)} == {200}
    assert from_network(61, "192.0.2.200") == 429
    refused = ask(client, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert "hello@fjordandfern.example" in refused.text
    assert from_network(62, "198.51.100.1") == 200
    assert {from_network(100 + n, f"2001:db8:1:{n}::1") for n in range(60)} == {200}
    assert from_network(161, "2001:db8:1:ffff::1") == 429
    assert from_network(162, "2001:db8:2::1") == 200


def test_wrong_addresses_do_not_count(client):
    assert {ask(client, "anna@").status_code for _ in range(100)} == {422}
    assert ask(client).status_code == 200


def test_an_opt_out_waits_for_no_limit(anna):
    while ask(anna.client).status_code != 429:
        pass
    for number in range(100):
        ask(anna.client, f"p{number}@example.com")
    assert anna.opens().status_code == 200
    assert anna.clicks_once().status_code == 200
    assert anna.presses(anna.opens()).status_code == 200
    assert len(anna.decisions()) == 2


def test_strangers_whose_bodies_do_not_come_leave_room_for_those_with_a_link(anna, asked):
    """An eighth of the threads waits for them; one more is asked to come back, and a press is read as ever."""
    site = anna.client.application._site
    for _ in range(anna.settings.web_threads // 8):
        assert site.strangers.acquire(blocking=False)
    response = ask(anna.client)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert asked() == []
    assert anna.presses().status_code == 200
    assert [row.method for row in anna.decisions()] == ["page"]


def test_without_the_database_nothing_is_promised(client, database, monkeypatch):
    def away(*_args, **_more):
        raise OperationalError("INSERT", {}, Exception("no connection"))

    monkeypatch.setattr(database, "writing", away)
    response = ask(client)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert heading(response) == "We cannot record anything right now"


def test_the_answer_keeps_the_language_of_the_form(client):
    for data, status in (({"email": ANNA.value}, 200), ({"email": "x"}, 422)):
        response = client.post("/u/", data={**data, "l": "pl"}, headers={"Accept-Language": "en"})
        assert response.status_code == status
        assert response.headers["Content-Language"] == "pl"
        assert 'lang="pl"' in response.text
    assert client.get("/u/?l=pl").headers["Content-Language"] == "pl"


def test_other_methods_are_refused_with_those_that_there_are(client):
    response = client.put("/u/")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_no_log_names_the_address(client, database, monkeypatch, caplog):
    caplog.set_level(0)
    ask(client)
    ask(client, "canary@")
    monkeypatch.setattr(database, "writing", lambda: (_ for _ in ()).throw(OSError("canary")))
    ask(client, "canary@example.com")
    for trace in ("anna", "canary"):
        assert trace not in caplog.text.lower()


def test_a_profile_of_another_spelling_is_kept_as_it_was_typed(client, asked, database):
    ask(client, "Zoë.Müller@example.com")
    [row] = asked()
    assert Profile.of("email", row.email) == Profile("email", "Zoë.Müller@example.com")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LinkRequest)) == 1


def test_a_site_of_more_senders_has_its_own_limits(settings, clock, database):
    """Two processes count apart: what is in memory is never the promise, the worker's one link an hour is."""
    first, second = (Client(web_application(replace(settings), clock, database)) for _ in range(2))
    for _ in range(60):
        ask(first)
    assert ask(first).status_code == 429
    assert ask(second).status_code == 200
