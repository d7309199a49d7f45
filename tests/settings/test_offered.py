"""Agreements, reasons and breaks: a table in the settings file or the same as TOML text, and every fault with its remedy."""

import pytest

from resign.settings import BadSettings, load
from resign.settings.offered import CustomAgreement
from tests.settings.test_toml import FERN, OAK, faults_of

WINE = """
[wine]
attribute = "agreeToAlcoholAds"
title = { en = "Wine and beer", pl = "Wino i piwo" }
help = { en = "Communications that feature alcohol" }
"""
SENT = CustomAgreement(
    "wine", "agreeToAlcoholAds", on=True, off=False,
    title={"en": "Wine and beer", "pl": "Wino i piwo"},
    help={"en": "Communications that feature alcohol"},
)  # fmt: skip


def wine(**changed: str) -> str:
    """One agreement, with lines replaced; None takes one out."""
    lines = {
        "attribute": '"agreeToAlcoholAds"',
        "title": '{ en = "Wine" }',
        **changed,
    }
    return "[wine]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items() if value)


def in_the_file(text: str, under: str = "agreements") -> str:
    return FERN + text.replace("[", f"[workspaces.fern.{under}.", 1)


def test_an_agreement_is_read_from_a_variable(loaded):
    assert loaded(RESIGN_AGREEMENTS=WINE).workspaces["default"].agreements == (SENT,)


def test_an_agreement_is_read_from_a_table_of_the_file(toml):
    settings = load({"RESIGN_CONFIG": toml(in_the_file(WINE))})
    assert settings.workspaces["fern"].agreements == (SENT,)


def test_an_agreement_may_be_text_in_the_file_or_in_a_file_of_its_own(toml, tmp_path):
    inside = load({"RESIGN_CONFIG": toml(FERN + f"agreements = '''{WINE}'''\n")})
    (tmp_path / "agreements.toml").write_text(WINE)
    beside = load({"RESIGN_CONFIG": toml(FERN + f'agreements_file = "{tmp_path / "agreements.toml"}"\n')})
    assert inside.workspaces["fern"].agreements == beside.workspaces["fern"].agreements == (SENT,)


def test_without_any_there_are_none(loaded):
    workspace = loaded().workspaces["default"]
    assert (workspace.agreements, workspace.pauses, workspace.reasons) == ((), (), None)
    assert workspace.double_opt_in == "on"


@pytest.mark.parametrize(
    ("on", "off"),
    [("true", "false"), ('"enabled"', '"disabled"'), ("1", "0"), ('"yes"', "0"), ("false", "true")],
)
def test_the_two_values_keep_their_kind(loaded, on, off):
    [each] = loaded(RESIGN_AGREEMENTS=wine(on=on, off=off)).workspaces["default"].agreements
    assert [repr(value).replace("'", '"').lower() for value in (each.on, each.off)] == [on, off]


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("wine", "this is not TOML"),
        ("wine = 1", "begin it with [wine]"),
        ("[newsletter]\n", "neither newsletter nor all"),
        ("[all]\n", "neither newsletter nor all"),
        ("[Wine]\n", "small letters, digits and hyphens"),
        ("[-wine]\n", "small letters, digits and hyphens"),
        (f"[{'w' * 32}]\n", "up to 31"),
        ('["wine.beer"]\n', "small letters, digits and hyphens"),
        (wine(attribute=""), "attribute is missing"),
        (wine(attribute="7"), "attribute is missing"),
        (wine(attribute='"email"'), "agreement wine:"),
        (wine(attribute='"newsletter_agreement"'), "agreement wine:"),
        (wine(attribute='"resign_token"'), "has the attribute of link_attribute"),
        (wine(atribute='"x"'), "there is no atribute; it has attribute, on, off, title and help"),
        (wine(title=""), "give its text by language"),
        (wine(title='"Wine"'), "give its text by language"),
        (wine(title="{}"), "give its text by language"),
        (wine(title='{ xx = "Wine" }'), "'xx' has no catalogue; there are ar, cs, de, en"),
        (wine(title='{ en = "" }'), "the text in en is empty"),
        (wine(title="{ en = 7 }"), "the text in en is empty, too long, or no text"),
        (wine(title='{ en = "' + "w" * 501 + '" }'), "too long"),
        (wine(title='{ en = "\\u0000" }'), "no text"),
        (wine(title='{ en = "\\uFDD0was\\uFDD1" }'), "no text"),
        (wine(help='"x"'), "wine help: give its text by language"),
        (wine(on="1.5"), "true or false, a text in quotes, or a whole number"),
        (wine(on="[1]"), "true or false, a text in quotes, or a whole number"),
        (wine(on="true", off="true"), "on and off are the same value"),
        (wine(on="true", off='"True"'), "on and off are the same value"),
        (wine(on='"1"', off="1"), "on and off are the same value"),
        (wine() + wine().replace("[wine]", "[beer]"), "two agreements have the same attribute"),
        ("".join(f"[a{at}]\n" for at in range(21)), "give 20 at most"),
    ],
)
def test_a_fault_of_an_agreement_comes_with_its_remedy(faults, text, remedy):
    [fault] = faults(RESIGN_AGREEMENTS=text)
    assert fault.startswith("RESIGN_AGREEMENTS: ")
    assert remedy in fault
    assert len(fault) < 400


def test_twenty_agreements_are_read(loaded):
    text = "".join(
        wine(attribute=f'"agreement_{at}"').replace("[wine]", f"[agreement-{at}]") for at in range(20)
    )
    assert len(loaded(RESIGN_AGREEMENTS=text).workspaces["default"].agreements) == 20


def test_a_fault_in_a_table_names_file_table_and_key(toml):
    config = toml(in_the_file(wine(title="")))
    [fault] = faults_of(config)
    where = f"{config} [workspaces.fern] agreements: agreement wine title"
    assert fault == f'{where}: give its text by language, such as {{ en = "…" }}'


def test_an_agreement_does_not_share_the_attribute_of_the_emails(toml):
    non_unique = 'synerise_emails = "non-unique"\nsynerise_attribute = "email_marketing"\n'
    config = toml(FERN + non_unique + in_the_file(wine(attribute='"email_marketing"')).removeprefix(FERN))
    [fault] = faults_of(config)
    assert "agreement wine has the attribute of synerise_attribute" in fault


def test_the_faults_of_all_three_come_together(faults):
    found = faults(RESIGN_AGREEMENTS="x", RESIGN_REASONS="y", RESIGN_PAUSES="z", RESIGN_DOUBLE_OPT_IN="yes")
    assert sorted(fault.partition(":")[0] for fault in found) == [
        "RESIGN_AGREEMENTS", "RESIGN_DOUBLE_OPT_IN", "RESIGN_PAUSES", "RESIGN_REASONS",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "months"),
    [
        ("off", ()),
        ("1", (1,)),
        ("1,3", (1, 3)),
        (" 12 , 1 ", (1, 12)),
        ("3,3", (3,)),
        ("1,2,3,6", (1, 2, 3, 6)),
    ],
)
def test_breaks_are_numbers_of_months(loaded, value, months):
    assert loaded(RESIGN_PAUSES=value).workspaces["default"].pauses == months


@pytest.mark.parametrize("value", ["", "0", "13", "1,", "1.5", "1,2,3,4,5", "one", "-1", "on", "\u0661"])
def test_breaks_of_another_kind_are_refused(faults, value):
    [fault] = faults(RESIGN_PAUSES=value)
    assert "such as 1,3, or off" in fault


def test_reasons_are_shipped_off_or_ones_own(loaded):
    own = '[too-dear]\nen = "Too dear"\npl = "Za drogo"\n[other]\nen = "Something else"\n'
    read = {
        value: loaded(RESIGN_REASONS=value).workspaces["default"].reasons for value in ("shipped", "off", own)
    }
    assert list(read.values()) == [
        None, {}, {"too-dear": {"en": "Too dear", "pl": "Za drogo"}, "other": {"en": "Something else"}},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("on", "this is not TOML"),
        ("[too-dear]\n", "reason too-dear: give its text by language"),
        ('[too_dear]\nen = "x"\n', "small letters, digits and hyphens"),
        ('[too-dear]\nxx = "x"\n', "has no catalogue"),
        ('too-dear = "x"\n', "begin it with [too-dear]"),
    ],
)
def test_a_fault_of_a_reason_comes_with_its_remedy(faults, text, remedy):
    [fault] = faults(RESIGN_REASONS=text)
    assert remedy in fault


def test_reasons_stand_in_a_table_of_the_file(toml):
    config = toml(in_the_file('[too-dear]\nen = "Too dear"\n', "reasons"))
    assert load({"RESIGN_CONFIG": config}).workspaces["fern"].reasons == {"too-dear": {"en": "Too dear"}}


def brands(toml, *urls: str | None, base: str = "https://optout.example") -> str:
    tables = [
        table + (f'public_url = "{url}"\n' if url else "")
        for table, url in zip((FERN, OAK), urls, strict=True)
    ]
    return toml(f'base_url = "{base}"\n' + "".join(tables))


def test_a_workspace_with_an_address_of_its_own_has_its_links_there(toml):
    settings = load({"RESIGN_CONFIG": brands(toml, "https://optout.fern.example", None)})
    assert settings.url_of("fern") == "https://optout.fern.example"
    assert settings.url_of("oak") == "https://optout.example"


@pytest.mark.parametrize(
    "urls",
    [
        ("https://optout.fern.example", "https://optout.fern.example"),
        ("https://optout.fern.example", "https://OPTOUT.fern.example"),
        ("https://optout.fern.example", "http://optout.fern.example"),
        ("https://optout.example", None),
    ],
)
def test_one_host_cannot_stand_for_two_workspaces(toml, urls):
    [fault] = faults_of(brands(toml, *urls))
    assert "fern and oak" in fault
    assert "give each a public_url of its own, or none of them" in fault


@pytest.mark.parametrize("url", ["optout.fern.example", "https://optout.fern.example/u", "ftp://a", ""])
def test_an_address_that_is_none_is_refused(faults, url):
    [fault] = faults(RESIGN_PUBLIC_URL=url)
    assert "without a path" in fault


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("RESIGN_AGREEMENT", "RESIGN_AGREEMENTS"),
        ("RESIGN_REASON", "RESIGN_REASONS"),
        ("RESIGN_PAUSE", "RESIGN_PAUSES"),
        ("RESIGN_DOUBLE_OPTIN", "RESIGN_DOUBLE_OPT_IN"),
        ("RESIGN_PUBLICURL", "RESIGN_PUBLIC_URL"),
        ("RESIGN_SYNERISE_CONFIRM_EVENTS", "RESIGN_SYNERISE_CONFIRM_EVENT"),
    ],
)
def test_a_near_miss_is_told_what_was_meant(faults, wrong, right):
    assert faults(**{wrong: "x"}) == (f"{wrong}: there is no such setting; did you mean {right}?",)


def test_a_text_of_hundreds_of_kilobytes_is_answered_and_not_quoted():
    for text in ("[" * 100_000, "a = " + "[" * 100_000, "a" * 1_000_000):
        with pytest.raises(BadSettings) as bad:
            load({"RESIGN_AGREEMENTS": text})
        assert len(str(bad.value)) < 5_000
