"""Everything that is wrong is said together, once each, with what to do; an operator needs one restart, not nine."""

import pytest

from resign.settings import SETTINGS, BadSettings, load
from resign.settings.model import REQUIRED

WRONG = {
    "RESIGN_DATABASE_URL": "mysql://db/resign",
    "RESIGN_DATA_DIR": "",
    "RESIGN_BASE_URL": "optout.example.com",
    "RESIGN_BIND": "8000",
    "RESIGN_CONSOLE_BIND": "8020",
    "RESIGN_CONSOLE_URL": "http://console.example.com",
    "RESIGN_CONSOLE_SECOND_FACTOR": "no",
    "RESIGN_WORKER_BIND": "127.0.0.1:port",
    "RESIGN_METRICS_TOKEN": "short",
    "RESIGN_WEB_WORKERS": "0",
    "RESIGN_WEB_THREADS": "many",
    "RESIGN_DELIVERIES": "-1",
    "RESIGN_PROXIES": "9",
    "RESIGN_ALARM_WEBHOOK": "http://alarms.example/hook",
    "RESIGN_ALARM_WEBHOOK_SECRET": "whsec_short",
    "RESIGN_OIDC_ISSUER": "login.example.com",
    "RESIGN_OIDC_CLIENT_ID": "",
    "RESIGN_OIDC_CLIENT_SECRET": "",
    "RESIGN_OIDC_GROUPS": "heads",
    "RESIGN_OIDC_GROUPS_CLAIM": "",
    "RESIGN_OIDC_SCOPE": "profile",
    "RESIGN_RECONCILE_AT": "3 o'clock",
    "RESIGN_RECONCILE_CALLS": "0",
    "RESIGN_KEYS": "k1",
    "RESIGN_DIGEST_KEY": "short",
    "RESIGN_SENDER": " ",
    "RESIGN_CONTACT": "http://fjordandfern.example",
    "RESIGN_LANGUAGE": "English",
    "RESIGN_SYNERISE_URL": "https://api.synerise.com/v4",
    "RESIGN_SYNERISE_API_KEY": "",
    "RESIGN_SYNERISE_AUTH": "jwt",
    "RESIGN_SYNERISE_WORKSPACE_GUID": "1042",
    "RESIGN_SYNERISE_TELL": "profiles",
    "RESIGN_SYNERISE_EMAILS": "yes",
    "RESIGN_SYNERISE_ATTRIBUTE": "newsletter_agreement",
    "RESIGN_SYNERISE_SIGN_UP_ATTRIBUTE": "newsletter_agreement",
    "RESIGN_SYNERISE_CREATES": "everybody",
    "RESIGN_SYNERISE_EVENT": "newsletter opt-out",
    "RESIGN_SYNERISE_UNDO_EVENT": "n" * 33,
    "RESIGN_SYNERISE_INCOMING_URL": "/automation/incoming/1",
    "RESIGN_SYNERISE_WEBHOOK_TOKEN": "short",
    "RESIGN_SYNERISE_LINK_EVENT": "link requested",
    "RESIGN_LINK_ATTRIBUTE": "resign token",
    "RESIGN_TEMPLATE_KEYS": "one:two",
    "RESIGN_SYNERISE_CONFIRM_EVENT": "confirm requested",
    "RESIGN_PUBLIC_URL": "optout.example",
    "RESIGN_DESTINATIONS": "[crm]\nkind = 'pigeon'",
    "RESIGN_AGREEMENTS": "[wine]\nattribute = 7",
    "RESIGN_MAILS_KEPT": "-1",
    "RESIGN_DOUBLE_OPT_IN": "yes",
    "RESIGN_PAUSES": "13",
    "RESIGN_TIME_ZONE": "Warsaw",
    "RESIGN_REASONS": "[too-dear]",
}


def faults_of(given: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(BadSettings) as bad:
        load(given)
    assert str(bad.value).splitlines() == [
        "resign cannot start:",
        *(f"  * {fault}" for fault in bad.value.faults),
    ]
    return bad.value.faults


def test_nothing_given_names_each_that_must_be_and_says_what_to_do():
    required = [row for row in SETTINGS if row.default is REQUIRED]
    assert faults_of({}) == tuple(f"{row.variable}: missing. {row.remedy}" for row in required)


@pytest.mark.parametrize("row", [row for row in SETTINGS if row.default is REQUIRED], ids=lambda row: row.key)
def test_whoever_left_a_setting_out_reads_a_sentence_that_begins_with_what_to_do(row):
    assert row.remedy.partition(" ")[0] in {"Give", "Write", "Make"}
    assert not row.remedy.endswith(".")


@pytest.mark.parametrize("variable", ["RESIGN_KEYS", "RESIGN_DIGEST_KEY"])
def test_where_a_secret_is_ours_to_make_its_fault_says_how(faults, variable):
    for value in (None, "", "short"):
        [fault] = faults(**{variable: value})
        assert "`openssl rand -hex 32` makes a good " in fault


def test_this_table_leaves_no_setting_out():
    assert {row.variable for row in SETTINGS} == set(WRONG)


def test_everything_wrong_is_said_at_once_and_each_only_once():
    found = faults_of(WRONG)
    assert sorted(fault.partition(":")[0] for fault in found) == sorted(WRONG)


@pytest.mark.parametrize("variable", WRONG)
def test_each_wrong_value_is_one_fault_with_a_remedy(faults, variable):
    [fault] = faults(**{variable: WRONG[variable]})
    label, _, remedy = fault.partition(": ")
    assert label == variable
    assert remedy.split()[0] in {
        "a",
        "an",
        "give",
        "the",
        "write",
        "Synerise",
        "agreement",
        "destination",
        "reason",
        "this",
    }


@pytest.mark.parametrize("variable", [name for name in WRONG if WRONG[name]])
def test_a_wrong_value_is_quoted_only_where_it_is_no_secret(faults, variable):
    row = next(row for row in SETTINGS if row.variable == variable)
    [fault] = faults(**{variable: WRONG[variable]})
    # A table is long, and its fault names the line.
    assert (repr(WRONG[variable]) in fault) is not (row.secret or row.table)


def test_a_long_value_is_quoted_in_part(faults):
    [fault] = faults(RESIGN_LANGUAGE="x" * 5000)
    assert len(fault) < 200


def test_a_number_too_long_to_read_is_refused_with_the_usual_remedy(faults):
    [fault] = faults(RESIGN_WEB_THREADS="9" * 5000)
    assert fault.startswith("RESIGN_WEB_THREADS: give a whole number from 1 to 256")


def test_missing_wrong_and_unknown_come_together(faults):
    found = faults(RESIGN_KEYS=None, RESIGN_BIND="x", RESIGN_KEY="k1:0123456789abcdef", RESIGN_SENDER="")
    assert [fault.partition(":")[0] for fault in found] == [
        "RESIGN_KEY",
        "RESIGN_KEYS",
        "RESIGN_SENDER",
        "RESIGN_BIND",
    ]


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("RESIGN_KEY", "RESIGN_KEYS"),
        ("RESIGN_SYNERISE_APIKEY", "RESIGN_SYNERISE_API_KEY"),
        ("RESIGN_DATABASE", "RESIGN_DATABASE_URL"),
        ("RESIGN_SENDERS_FILE", "RESIGN_SENDER_FILE"),
    ],
)
def test_an_unknown_variable_is_a_fault_and_the_nearest_name_is_suggested(faults, slip, meant):
    assert faults(**{slip: "x"}) == (f"{slip}: there is no such setting; did you mean {meant}?",)


def test_an_unknown_variable_that_is_like_no_other_gets_no_suggestion(faults):
    assert faults(RESIGN_QQQQ_ZZZZ_1="x") == ("RESIGN_QQQQ_ZZZZ_1: there is no such setting",)


def test_variables_of_others_are_nobodys_business(faults):
    assert faults(PATH="/bin", RESIGNATION="x", resign_keys="x") == ()
