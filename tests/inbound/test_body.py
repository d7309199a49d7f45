"""The body of an integration: inserts that break it lose no opt-out, and bring in nobody else and no evidence."""

import json
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resign.inbound.body import FORM, BadBody, fields_of, notice_of
from resign.notices.notice import Notice
from resign.profile import Profile
from resign.settings import load
from tests.support.decisions import ANNA
from tests.support.variables import VARIABLES

JSON = "application/json"
WORKSPACE = load(VARIABLES).workspaces["default"]
NOON = datetime(2026, 5, 4, 10, 11, 12, tzinfo=UTC)
# As Synerise makes it, with nothing escaped.
PASTED = (
    '{"action":"newsletter.unsubscribe","email":"anna@example.com","customId":"","time":"2026-05-04T10:11:12Z",'
    '"token":"tok","method":"ONECLICK_LINK","campaign":"%s","variant":""}'
)
HOSTILE = [
    'The "big" sale', '"', '""', "Sale\nnow", "Sale\r\n\tnow", "back\\slash", "ends in \\", "[/now]", "{{ x }}", "}", "{",
    '"}', '","email":"boris@example.com', '","evidence":"x","x":"', '"email":"boris@example.com" "', "\x00\x1b[31m", "👋🏽 Ł",
    '","action":"marketingAgreement.turnOn","evidence":"double-opt-in","x":"',
]  # fmt: skip


def read(body: str | bytes, content_type: str = JSON) -> Notice:
    raw = body.encode() if isinstance(body, str) else body
    return notice_of(fields_of(raw, content_type), WORKSPACE)


@pytest.mark.parametrize("campaign", HOSTILE)
def test_whatever_a_campaign_is_called_the_opt_out_is_taken_for_the_right_person(campaign):
    notice = read(PASTED % campaign)
    assert (notice.subject, notice.profiles, notice.at) == ("off", (ANNA,), NOON)
    assert notice.way == "ONECLICK_LINK"


@given(st.text(max_size=60))
def test_any_name_leaves_event_person_and_time_as_they_are(campaign):
    notice = read((PASTED % campaign).encode("utf-8", "surrogatepass"))
    assert (notice.subject, notice.profiles, notice.at) == ("off", (ANNA,), NOON)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_a_form_takes_any_name(campaign):
    body = f"action=newsletter.unsubscribe&email=anna%40example.com&campaign={quote(campaign)}"
    assert read(body, FORM).profiles == (ANNA,)


@pytest.mark.parametrize("content_type", [JSON, FORM])
def test_a_name_in_latin_2_spoils_only_itself(content_type):
    campaign = "Łódź now".encode("iso8859-2")
    form = b"action=newsletter.unsubscribe&email=anna%40example.com&campaign=" + campaign
    notice = read(
        form if content_type == FORM else (PASTED % "NAME").encode().replace(b"NAME", campaign), content_type
    )
    assert notice.profiles == (ANNA,)
    assert notice.campaign == "\ufffd\ufffdd\ufffd now"


def test_an_identifier_that_cannot_be_read_names_nobody():
    body = '{"action":"newsletter.unsubscribe","email":"anna@example.com","customId":"Łukasz-1"}'
    assert read(body.encode("iso8859-2")).profiles == (ANNA,)
    with pytest.raises(BadBody):
        read(b"action=newsletter.unsubscribe&customId=%A3ukasz-1", FORM)


def test_a_byte_order_mark_is_no_fault():
    assert read(b"\xef\xbb\xbf" + (PASTED % "spring").encode()).campaign == "spring"


def test_a_line_break_in_a_name_breaks_nothing():
    assert read(PASTED % "Sale\nnow").campaign == "Salenow"


def test_of_two_fields_of_one_name_the_first_counts():
    smuggled = '","email":"boris@example.com","customId":"C-2","token":"other","time":"2020-01-01T00:00:00Z'
    notice = read(PASTED % smuggled)
    assert (notice.profiles, notice.token, notice.at) == ((ANNA,), "tok", NOON)
    form = "action=newsletter.unsubscribe&email=anna%40example.com&customId=&customId=C-2&email=boris%40example.com"
    assert read(form, FORM).profiles == (ANNA,)


def test_of_broken_json_neither_evidence_nor_token_is_taken():
    body = '{"action":"marketingAgreement.turnOn","evidence":"double-opt-in","token":"tok","email":"anna@example.com","x":""x"}'
    notice = read(body)
    assert (notice.subject, notice.evidence, notice.token) == ("on", None, None)


@pytest.mark.parametrize(
    "body",
    [
        '{"action":"newsletter.unsubscribe","customId":"C-1"2","campaign":"x"}',
        '{"action":"newsletter.unsubscribe","customId":"C-1\\"2","campaign":""x"}',
        '{"action":"newsletter.unsubscribe","customId":"C-1',
        '{"action":"newsletter.unsubscribe","campaign":""x","customId":"C-1\\","customId":"C-2"}',
        '{"action":"","customId":"C-1","campaign":""x"}',
        '{"customId":"C-1","campaign":""x"}',
        '{"action":"newsletter.unsubscribe","campaign":""x"}',
    ],
)
def test_half_an_identifier_names_nobody(body):
    """A value that goes on behind a quotation mark is another one than it seems."""
    with pytest.raises(BadBody):
        read(body)


def test_what_is_looked_for_in_broken_json_is_found_in_no_time_whatever_it_holds():
    for piece in ('"email":"', '"email" ', '"email":' + " " * 50, '"', "\\", "{"):
        with pytest.raises(BadBody):
            read((piece * 16_384)[:16_384])


@pytest.mark.parametrize("kind", ["email", "customId", "clientId"])
def test_every_kind_of_identifier_is_found_in_broken_json(kind):
    value = {"email": "anna@example.com", "customId": "C-1", "clientId": "42"}[kind]
    body = f'{{ "{kind}" : "{value}" , "action" : "newsletter.unsubscribe" , "campaign" : ""x" }}'
    assert read(body).profiles == (Profile(kind, value),)


@pytest.mark.parametrize(
    "said",
    [
        "2026-05-04T10:11:12Z", "2026-05-04T10:11:12.000Z", "2026-05-04 10:11:12+00:00", "2026-05-04T12:11:12+0200",
        "2026-05-04T12:11:12.000000000+02", " 2026-05-04T10:11:12Z ", "2026-05-04T10:11:12,0Z",
        1777889472, 1777889472000, "1777889472", "1777889472000", 1777889472.0,
    ],
)  # fmt: skip
def test_a_time_with_day_and_zone_or_since_1970_is_believed(said):
    assert time_of(said) == NOON


@pytest.mark.parametrize(
    "said",
    [
        "2026-05-04", "20260504", "2026-05-04T10:11:12", "2026-05-04 10:11", "10:11:12Z", "20260504T101112Z", "2026-W19-1T10:11:12Z",
        "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2009-12-31T23:59:59Z", "2010-01-01T00:30:00+01:00", "0001-01-01T00:00:00+14:00",
        0, 1, -1, "0", "-1", 20260504, 1262303999, 1262303999000, 17778894720, "17778894720000000", 10**400, float("inf"), float("nan"),
        "2026-02-30T10:11:12Z", "2026-05-04T25:11:12Z", "2026-05-04T10:11:12+99:99", "٢٠٢٦-05-04T10:11:12Z", "١٧٧٧٨٨٩٤٧٢",
        "", " ", "now", "{{ event.time }}", None, True, [], {}, "1777889472.5", "2026-05-04T10:11:12Z; DROP",
    ],
)  # fmt: skip
def test_for_every_other_time_the_arrival_counts(said):
    assert time_of(said) is None


def time_of(said: object) -> datetime | None:
    return read(json.dumps({"action": "newsletter.unsubscribe", "email": ANNA.value, "time": said})).at
