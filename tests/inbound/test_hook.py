"""The hook: signed in, one flat body, durable before it answers; and a body of another shape is never a 500."""

import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import Client

from resign.app import web_application
from resign.db import Database
from resign.links import Links
from resign.notices.tables import NoticeRow
from resign.profile import Profile
from resign.settings import Settings, load
from tests.support.clock import StandingClock
from tests.support.decisions import ANNA, decision, record
from tests.support.variables import VARIABLES

TOKEN = "the-token-of-the-outgoing-integration"
PATH = "/hooks/synerise/default"
OFF = {"email": "anna@example.com", "action": "marketingAgreement.turnOff", "time": "2026-05-04T10:11:12Z"}


@pytest.fixture
def hooked(settings: Settings, database: Database) -> Settings:
    url = database.url.render_as_string(hide_password=False)
    return load({**VARIABLES, "RESIGN_SYNERISE_WEBHOOK_TOKEN": TOKEN, "RESIGN_DATABASE_URL": url,
                 "RESIGN_DATA_DIR": str(settings.data_dir)})  # fmt: skip


@pytest.fixture
def client(hooked: Settings, clock: StandingClock, database: Database) -> Client:
    return Client(web_application(hooked, clock, database))


@pytest.fixture
def tell(client: Client):
    def told(body=OFF, path: str = PATH, authorization: str = f"Bearer {TOKEN}", **more):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"content_type": "application/json", "headers": {"Authorization": authorization}, **more}
        return client.post(path, data=data, **given)

    return told


def kept(database: Database) -> list[NoticeRow]:
    with database.reading() as session:
        return list(session.scalars(select(NoticeRow).order_by(NoticeRow.id)))


def test_an_event_is_kept_before_it_is_acknowledged(database, tell):
    answer = tell({**OFF, "method": "ONECLICK_LINK", "campaign": "Spring", "variant": "B", "customId": "C-1"})
    assert answer.status_code == 202
    [notice] = kept(database)
    assert (notice.action, notice.identifier) == ("marketingagreement.turnoff", ANNA.value)
    assert (notice.campaign, notice.variant, notice.way) == ("Spring", "B", "ONECLICK_LINK")
    assert notice.at == datetime(2026, 5, 4, 10, 11, 12, tzinfo=UTC)


def test_the_same_event_twice_is_kept_once(database, tell):
    assert [tell().status_code, tell().status_code] == [202, 202]
    assert len(kept(database)) == 1


@pytest.mark.parametrize(
    "authorization",
    [
        "", "Bearer", "Bearer wrong", f"Bearer {TOKEN}x", TOKEN, f"Token {TOKEN}", "Basic !!!", "Basic",
        "Basic " + b64encode(b"user:wrong").decode(), "Basic " + b64encode(TOKEN.encode()).decode(),
        "Bearer \xff\xfe",
    ],
)  # fmt: skip
def test_who_is_not_signed_in_is_refused(database, tell, authorization):
    answer = tell(authorization=authorization)
    assert answer.status_code == 401
    assert "Bearer" in answer.headers["WWW-Authenticate"]
    assert not kept(database)


def test_basic_carries_the_same_secret_as_its_password(tell):
    assert tell(authorization="Basic " + b64encode(f"anybody:{TOKEN}".encode()).decode()).status_code == 202


@pytest.mark.parametrize(
    "path", ["/hooks", "/hooks/", "/hooks/synerise", "/hooks/other/default", "/hooks/synerise/nobody",
             "/hooks/synerise/default/more", "/hooks/synerise/DEFAULT"],
)  # fmt: skip
def test_there_is_one_hook_for_each_source_and_workspace(tell, path):
    assert tell(path=path).status_code == 404


def test_without_a_token_in_the_settings_there_is_no_hook(settings, clock, database):
    client = Client(web_application(settings, clock, database))
    assert client.post(PATH, json=OFF, headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_only_post_is_heard(client, method):
    answer = client.open(PATH, method=method, headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"1", b'"x"', b"\xff\xfe", b'{"email":"anna@example.com"}', b"[" * 9000,
     b'{"action":"marketingAgreement.turnOff"}', b'{"action":"marketingAgreement.turnOff","email":""}',
     b'{"action":["x"],"email":"anna@example.com"}', b'{"action":"newsletter.unsubscribe","email":"no address"}',
     b'{"email":"anna "quoted" x","action":"newsletter.unsubscribe"}'],
)  # fmt: skip
def test_a_body_that_says_nothing_is_refused(database, tell, body):
    assert tell(body).status_code == 400
    assert not kept(database)


def test_an_event_that_is_none_of_ours_is_left_alone(database, tell):
    assert tell({**OFF, "action": "page.visit"}).status_code == 202
    assert not kept(database)


def test_both_spellings_of_the_agreement_are_heard(database, tell):
    assert tell({**OFF, "action": "marketingAggreement.turnOff"}).status_code == 202
    assert len(kept(database)) == 1


def test_a_form_says_the_same(database, tell):
    answer = tell(b"email=anna%40example.com&action=newsletter.unsubscribe&time=1777889472000",
                  content_type="application/x-www-form-urlencoded")  # fmt: skip
    assert answer.status_code == 202
    assert kept(database)[0].at == datetime(2026, 5, 4, 10, 11, 12, tzinfo=UTC)


def test_an_opt_out_of_a_campaign_with_quotation_marks_in_its_name_is_kept(database, tell):
    answer = tell(
        b'{"email":"anna@example.com","customId":"","action":"newsletter.unsubscribe","time":"",'
        b'"method":"ONECLICK_LINK","campaign":"The "big" sale","variant":"","token":""}'
    )
    assert answer.status_code == 202
    [notice] = kept(database)
    assert (notice.identifier, notice.way, notice.campaign) == (ANNA.value, "ONECLICK_LINK", None)


@pytest.mark.parametrize("said", ["", "2026-05-04", "2026-05-04T05:12:12", "0", "0001-01-01T00:00:00Z"])
def test_for_a_time_that_is_none_the_arrival_counts(database, clock, tell, said):
    tell({**OFF, "time": said})
    assert kept(database)[0].at == clock.now()


def test_a_body_that_is_too_large_is_refused(tell):
    assert tell({**OFF, "campaign": "x" * 20_000}).status_code == 413


def test_a_time_that_lies_ahead_is_not_believed(database, clock, tell):
    tell({**OFF, "time": "2999-01-01T00:00:00Z"})
    assert kept(database)[0].at == clock.now()


def test_a_profile_with_the_right_link_is_nothing_to_keep(database, hooked, tell):
    right = Links(hooked.workspaces.values()).mint("default", ANNA)
    event = {"email": ANNA.value, "action": "profile.updated"}
    assert tell({**event, "token": right}).status_code == 200
    assert not kept(database)
    other = Links(hooked.workspaces.values()).mint("default", Profile("email", "old@example.com"))
    for wrong in ("", "nonsense", other):
        assert tell({**event, "token": wrong}).status_code == 202
    assert len(kept(database)) == 3


def test_a_mail_to_somebody_who_never_decided_is_nothing_to_keep(database, clock, tell):
    event = {**OFF, "action": "message.sent"}
    assert tell(event).status_code == 200
    assert not kept(database)
    record(database, decision(clock))
    assert tell(event).status_code == 202
    assert len(kept(database)) == 1


def test_a_mail_is_remembered_without_its_address_where_the_settings_ask_for_it(database, clock, hooked):
    workspaces = {name: replace(each, mails_kept=30) for name, each in hooked.workspaces.items()}
    client = Client(web_application(replace(hooked, workspaces=workspaces), clock, database))
    event = {**OFF, "action": "message.sent", "campaign": "spring", "customId": "C-1"}
    signed = {"Authorization": f"Bearer {TOKEN}"}
    assert client.post(PATH, json=event, headers=signed).status_code == 200
    assert client.post(PATH, json={**event, "campaign": ""}, headers=signed).status_code == 200
    [mail] = kept(database)
    assert (mail.action, mail.campaign, mail.verdict, mail.identifier) == (
        "message.sent",
        "spring",
        "mail",
        None,
    )
    assert client.post(PATH, json=OFF, headers=signed).status_code == 202
    assert [notice.verdict for notice in kept(database)] == ["mail", None]


def test_where_e_mails_are_not_unique_an_address_names_nobody(settings, clock, database):
    changed = load({**VARIABLES, "RESIGN_SYNERISE_WEBHOOK_TOKEN": TOKEN, "RESIGN_SYNERISE_EMAILS": "non-unique",
                    "RESIGN_SYNERISE_ATTRIBUTE": "email_marketing", "RESIGN_DATA_DIR": str(settings.data_dir)})  # fmt: skip
    client = Client(web_application(changed, clock, database))
    signed = {"Authorization": f"Bearer {TOKEN}"}
    assert client.post(PATH, json=OFF, headers=signed).status_code == 400
    assert client.post(PATH, json={**OFF, "customId": "C-1042"}, headers=signed).status_code == 202
    assert kept(database)[0].kind == "customId"


def test_nothing_is_acknowledged_while_the_database_is_away(database, tell, monkeypatch):
    monkeypatch.setattr(database, "writing", lambda: 1 / 0)
    answer = tell()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(
    [
        "email",
        "customId",
        "custom_identify",
        "clientId",
        "id",
        "action",
        "time",
        "method",
        "campaign",
        "token",
    ]
) | st.text(max_size=5)


@hypothesis(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(NAMES, VALUES, max_size=8),
    st.sampled_from(["newsletter.unsubscribe", "profile.updated", "message.sent"]),
)
def test_any_object_is_kept_or_refused_and_never_a_crash(tell, fields, action):
    named = {"email": "anna@example.com", **fields, "action": action}
    assert tell(json.dumps(named).encode()).status_code in {200, 202, 400, 413}


@hypothesis(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=300),
    st.sampled_from(["application/json", "application/x-www-form-urlencoded", "", "text/xml"]),
)
def test_any_bytes_are_refused_and_never_a_crash(tell, body, kind):
    assert tell(body, content_type=kind).status_code in {200, 202, 400}
