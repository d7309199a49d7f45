"""`resign snippets`: what is printed works when it is pasted, says no secret, and fits the workspace."""

import json
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from resign.cli.snippets import snippets as command
from resign.inbound.body import FORM, fields_of, notice_of
from resign.links import Links
from resign.links.template import TemplateLinks
from resign.paths import snippets as folder
from resign.sandbox.language import Killed, render
from resign.settings import load
from resign.snippets.facts import facts_of
from resign.snippets.pieces import PIECES, fill_in
from tests.support.decisions import ANNA
from tests.support.variables import VARIABLES

PAIR = ("first-secret-0001", "second-secret-0001")
GIVEN = {
    **VARIABLES,
    "RESIGN_BASE_URL": "https://optout.example.com",
    "RESIGN_LINK_ATTRIBUTE": "way_out",
    "RESIGN_SYNERISE_WEBHOOK_TOKEN": "canary-token-of-the-hook",
    "RESIGN_TEMPLATE_KEYS": ":".join(PAIR),
}
SETTINGS = load(GIVEN)
NON_UNIQUE = load(
    {**VARIABLES, "RESIGN_SYNERISE_EMAILS": "non-unique", "RESIGN_SYNERISE_ATTRIBUTE": "mail_ok", "RESIGN_SYNERISE_TELL": "event"}
)  # fmt: skip
every_piece = pytest.mark.parametrize("name", PIECES)
EVENT = {
    "action": "newsletter.unsubscribe",
    "time": "2026-05-04T10:11:12.000Z",
    "params": {"method": "ONECLICK_LINK", "campaignName": "spring", "variantName": "B", "link": "https://optout.example.com/u/tok"},
}  # fmt: skip


def piece(name, settings=SETTINGS):
    return fill_in(name, facts_of(settings, settings.workspaces["default"]))


def block(name, kind, settings=SETTINGS):
    """The first fenced block of that kind."""
    return re.search(rf"^```{kind}\n(.*?)^```", piece(name, settings), re.DOTALL | re.MULTILINE)[1].strip(
        "\n"
    )


def customer(**more):
    return {"email": "anna@example.com", "custom_identify": "C-1", "way_out": "tok", **more}


def run(*arguments, variables=GIVEN):
    return CliRunner().invoke(command, arguments, env=variables)


@every_piece
def test_every_piece_is_whole_and_has_its_parts(name):
    for settings in (SETTINGS, NON_UNIQUE):
        text = piece(name, settings)
        assert text.startswith("# ")
        assert "[[" not in text
        assert "[%" not in text
        assert "\n\n\n" not in text
    if name != "checklist":
        assert "\nDocumented: " in text
        assert "\nTo be checked" in text


def test_every_file_is_a_piece_and_every_piece_a_file():
    assert {file.stem for file in folder().iterdir()} == set(PIECES)


def test_no_secret_is_printed():
    printed = run("all").output
    rings = [part.partition(":")[2] for part in VARIABLES["RESIGN_KEYS"].split(",")]
    secrets = [
        *rings,
        *PAIR,
        GIVEN["RESIGN_SYNERISE_WEBHOOK_TOKEN"],
        GIVEN["RESIGN_DIGEST_KEY"],
        GIVEN["RESIGN_SYNERISE_API_KEY"],
    ]
    assert not [secret for secret in secrets if secret in printed]
    assert "RESIGN_SYNERISE_WEBHOOK_TOKEN" in printed


def test_without_a_name_the_pieces_are_listed_and_no_settings_are_needed():
    listed = run(variables={})
    assert listed.exit_code == 0
    assert [line.split()[0] for line in listed.output.splitlines()[: len(PIECES)]] == list(PIECES)


def test_one_or_all_of_them_are_printed():
    assert run("link").output == piece("link")
    everything = run("all").output
    assert re.findall(r"^# (.+)$", everything, re.MULTILINE) == [
        piece(name).splitlines()[0][2:] for name in PIECES
    ]


def test_a_name_or_a_workspace_that_is_none_is_refused_with_those_there_are():
    assert "lost-link" in run("lnik").output
    assert run("lnik").exit_code == 2
    answer = run("link", "--workspace", "shop")
    assert (answer.exit_code, "default" in answer.output) == (2, True)


def test_the_link_opens_and_without_a_token_no_mail_goes_out():
    token = Links(SETTINGS.workspaces.values()).mint("default", ANNA)
    template = block("link", "guard") + block("link", "html")
    mail = render(template, {"customer": customer(way_out=token)}, escape=True)
    [href] = re.findall(r'href="([^"]+)"', mail)
    assert href == f"https://optout.example.com/u/{token}?c=CAMPAIGN"
    for missing in ({}, {"way_out": ""}):
        with pytest.raises(Killed):
            render(template, {"customer": {"email": "anna@example.com", **missing}}, escape=True)


def test_the_headers_are_those_of_rfc_8058():
    lines = render(block("headers", "headers"), {"customer": customer()}, escape=False).splitlines()
    assert lines == [
        "List-Unsubscribe: <https://optout.example.com/u/tok>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]
    assert render(block("headers", "url"), {"customer": customer()}, escape=False) in lines[0]


def test_the_body_of_the_integrations_is_what_the_hook_takes():
    body = render(block("integrations", "json"), {"customer": customer(), "event": EVENT}, escape=False)
    expected = {
        "email": "anna@example.com", "customId": "C-1", "action": "newsletter.unsubscribe",
        "time": "2026-05-04T10:11:12.000Z", "method": "ONECLICK_LINK", "campaign": "spring", "variant": "B", "token": "tok",
    }  # fmt: skip
    assert json.loads(body) == expected
    form = render(block("integrations", "form"), {"customer": customer(), "event": EVENT}, escape=False)
    assert {name: value for name, [value] in parse_qs(form).items()} == expected
    assert block("integrations", "url") == "https://optout.example.com/hooks/synerise/default"


@pytest.mark.parametrize(("kind", "content_type"), [("json", "application/json"), ("form", FORM)])
def test_the_hook_understands_what_the_snippets_send(kind, content_type):
    body = render(block("integrations", kind), {"customer": customer(), "event": EVENT}, escape=False)
    notice = notice_of(fields_of(body.encode(), content_type), SETTINGS.workspaces["default"])
    assert (notice.subject, notice.profiles[0], notice.token) == ("off", ANNA, "tok")
    assert notice.at == datetime(2026, 5, 4, 10, 11, 12, tzinfo=UTC)
    assert (notice.campaign, notice.variant, notice.way) == ("spring", "B", "ONECLICK_LINK")


@pytest.mark.parametrize(("kind", "content_type"), [("json", "application/json"), ("form", FORM)])
def test_the_hook_understands_the_evidence_of_a_double_opt_in(kind, content_type):
    body = render(block("double-opt-in", kind), {"customer": customer(), "event": EVENT}, escape=False)
    notice = notice_of(fields_of(body.encode(), content_type), SETTINGS.workspaces["default"])
    assert (notice.subject, notice.evidence, notice.profiles[0]) == ("on", "double-opt-in", ANNA)
    assert (notice.way, notice.at.year, notice.token) == ("double-opt-in", 2026, "tok")


@pytest.mark.parametrize("named", ['The "big" sale', "Sale\nnow", '","email":"boris@example.com', "\\"])
@pytest.mark.parametrize(("kind", "content_type"), [("json", "application/json"), ("form", FORM)])
def test_no_name_of_a_campaign_loses_the_opt_out_or_gives_it_to_somebody_else(kind, content_type, named):
    event = {**EVENT, "params": {**EVENT["params"], "campaignName": named, "variantName": named}}
    body = render(block("integrations", kind), {"customer": customer(), "event": event}, escape=False)
    notice = notice_of(fields_of(body.encode(), content_type), SETTINGS.workspaces["default"])
    assert (notice.subject, notice.profiles[0], notice.at.year) == ("off", ANNA, 2026)


@pytest.mark.parametrize("name", ["integrations", "double-opt-in"])
def test_the_form_stands_before_the_json(name):
    text = piece(name)
    assert text.index("```form") < text.index("```json")


def test_what_a_profile_and_an_event_do_not_have_arrives_as_nothing():
    for kind in ("json", "form"):
        body = render(
            block("integrations", kind),
            {"customer": {}, "event": {"action": "profile.updated"}},
            escape=False,
        )
        read = (
            json.loads(body)
            if kind == "json"
            else {name: value[0] for name, value in parse_qs(body, keep_blank_values=True).items()}
        )
        assert read.pop("action") == "profile.updated"
        assert set(read.values()) == {""}


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00")))
def test_the_form_stays_whole_whatever_a_campaign_is_called(named):
    event = {**EVENT, "params": {**EVENT["params"], "campaignName": named}}
    body = render(block("integrations", "form"), {"customer": customer(), "event": event}, escape=False)
    assert parse_qs(body, keep_blank_values=True)["campaign"] == [named]
    assert parse_qs(body)["action"] == ["newsletter.unsubscribe"]


def test_the_template_signed_link_opens_with_the_workspace_s_keys():
    template = (
        block("template-link", "html").replace("FIRST-SECRET", PAIR[0]).replace("SECOND-SECRET", PAIR[1])
    )
    mail = render(template, {"customer": {"email": " Anna@Example.com "}}, escape=True)
    [href] = re.findall(r'href="([^"]+)"', mail)
    query = parse_qs(urlsplit(href.replace("&amp;", "&")).query)
    link = TemplateLinks(SETTINGS.workspaces.values()).open(query["e"][0], query["sig"][0])
    assert (link.workspace, link.profile) == ("default", ANNA)
    with pytest.raises(Killed):
        render(template, {"customer": {}}, escape=True)


@pytest.mark.parametrize("name", ["lost-link", "confirmation"])
def test_the_mail_with_a_link_that_was_asked_for_holds_it_and_stops_without(name):
    template = block(name, "html")
    assert 'href="https://optout.example.com/u/tok"' in render(template, {"event": EVENT}, escape=True)
    with pytest.raises(Killed):
        render(template, {"event": {"params": {}}}, escape=True)


def test_evidence_is_in_the_double_opt_in_s_body_and_in_no_other():
    body = render(block("double-opt-in", "json"), {"customer": customer(), "event": EVENT}, escape=False)
    read = json.loads(body)
    assert (read["evidence"], read["action"]) == ("double-opt-in", "marketingAgreement.turnOn")
    assert not [
        name for name in PIECES if name != "double-opt-in" and re.search(r'"evidence"|evidence=', piece(name))
    ]


def test_the_automation_names_the_events_and_the_agreement_of_the_workspace():
    assert "| attribute | `newsletter_agreement` |" in piece("automation")
    assert "Not needed now: this workspace is told by `profile`" in piece("automation")
    other = piece("automation", NON_UNIQUE)
    assert "| attribute | `mail_ok` |" in other
    assert "Not needed" not in other
    assert "`newsletter.optout`" in other


def test_what_a_workspace_lacks_is_said():
    bare = load(VARIABLES)
    assert "the hook answers 404" in piece("integrations", bare)
    assert "404" not in piece("integrations")
    assert "RESIGN_TEMPLATE_KEYS is not set" in piece("template-link", bare)
    assert "an address names nobody" in piece("template-link", NON_UNIQUE)


def test_of_several_workspaces_one_has_to_be_named(tmp_path):
    table = "".join(
        f'[workspaces.{name}]\nkeys = "k1:secret-of-{name}-0001"\ndigest_key = "digest-of-{name}-0001"\nsender = "S"\n'
        f'contact = "a@example.com"\nsynerise_api_key = "k"\n'
        for name in ("north", "south")
    )
    (tmp_path / "resign.toml").write_text(table)
    given_file = {"RESIGN_CONFIG": str(tmp_path / "resign.toml")}
    assert "north, south" in run("link", variables=given_file).output
    named = run("integrations", "--workspace", "south", variables=given_file)
    assert named.exit_code == 0, named.output
    assert "/hooks/synerise/south" in named.output
    assert "workspaces.south.synerise_webhook_token" in named.output


@pytest.mark.parametrize(
    ("kind", "agreement", "held"),
    [
        ("form", "wine", {"agreeToWine": False}),
        ("form-of-a-page", "newsletter", {}),
        ("form-of-a-plugin", "newsletter", {"newsletter_agreement": "disabled"}),
    ],
)
def test_what_is_collected_is_understood_by_the_hook(kind, agreement, held):
    wine = '[wine]\nattribute = "agreeToWine"\ntitle = { en = "Wine" }'
    settings = load({**GIVEN, "RESIGN_AGREEMENTS": wine})
    body = render(block("collected", kind), {"customer": customer(**held), "event": EVENT}, escape=False)
    notice = notice_of(fields_of(body.encode(), FORM), settings.workspaces["default"])
    assert (notice.agreement, notice.subject, notice.profiles[0]) == (agreement, "off", ANNA)
