"""What each kind of setting takes and refuses, and the settings that only make sense together."""

import subprocess
import sys
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from resign.i18n import Catalogues
from resign.settings.parse import RESERVED_ATTRIBUTES, languages

GUID = "5a4db0c5-0000-4000-8000-000000000001"
SECRET = "0123456789abcdef"


# The interface that others rely on (design, section 4): a default changes only where an issue says so.
DEFAULTS = {
    "base_url": "http://127.0.0.1:8000",
    "bind": ("127.0.0.1", 8000),
    "data_dir": Path("var"),
}
WORKSPACE_DEFAULTS = {
    "name": "default",
    "synerise_url": "https://api.synerise.com",
    "synerise_auth": "login",
    "synerise_tell": "profile",
    "synerise_emails": "unique",
    "synerise_attribute": None,
    "synerise_event": "newsletter.optout",
    "time_zone": ZoneInfo("UTC"),
}


def test_the_defaults_are_those_that_others_rely_on(loaded):
    settings = loaded()
    assert {name: getattr(settings, name) for name in DEFAULTS} == DEFAULTS
    [workspace] = settings.workspaces.values()
    assert {name: getattr(workspace, name) for name in WORKSPACE_DEFAULTS} == WORKSPACE_DEFAULTS


def test_without_a_database_there_is_a_file_in_the_data_folder(loaded, tmp_path):
    assert loaded(RESIGN_DATA_DIR=str(tmp_path)).database_url == f"sqlite:///{tmp_path}/resign.db"


def test_the_data_folder_is_where_it_was_meant_also_from_another_folder(loaded, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert loaded(RESIGN_DATA_DIR="var").database_url == f"sqlite:///{tmp_path}/var/resign.db"


def test_the_workspace_has_the_name_it_was_given(loaded):
    assert list(loaded(RESIGN_WORKSPACE="fern-uk").workspaces) == ["fern-uk"]


@pytest.mark.parametrize("name", ["", "Fern", "fern uk", "-fern", "fern_uk", "f" * 32, "färn", "fern\n"])
def test_a_workspace_name_that_could_not_stand_in_an_address_is_refused(faults, name):
    [fault] = faults(RESIGN_WORKSPACE=name)
    assert fault.startswith("RESIGN_WORKSPACE: a name has")


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite+pysqlite:///:memory:",
        "sqlite:///file::memory:?uri=true",
        "sqlite:///file::memory:?cache=shared&uri=true",
        "sqlite:///file:resign?mode=memory&cache=shared&uri=true",
    ],
)
def test_a_database_that_would_forget_everything_is_refused(faults, url):
    [fault] = faults(RESIGN_DATABASE_URL=url)
    assert fault.startswith("RESIGN_DATABASE_URL: a SQLite database in memory would forget every opt-out")


@pytest.mark.parametrize("url", ["", "resign.db", "mysql://db/resign", "oracle://db", "://", "postgres"])
def test_another_database_is_refused(faults, url):
    [fault] = faults(RESIGN_DATABASE_URL=url)
    assert fault.startswith("RESIGN_DATABASE_URL: ")


@pytest.mark.parametrize(
    "url", ["sqlite:////srv/resign.db", "postgresql://u:p@db/resign", "postgresql+psycopg://db/resign"]
)
def test_a_file_and_a_server_are_taken_as_they_stand(loaded, url):
    assert loaded(RESIGN_DATABASE_URL=url).database_url == url


IN_CLEAR = {
    "RESIGN_SYNERISE_URL": "http://{}:8100",
    "RESIGN_SYNERISE_INCOMING_URL": "http://{}:8100/automation/incoming/1",
}
ELSEWHERE = [
    "api.synerise.com",
    "sandbox",
    "10.0.0.5",
    "169.254.1.1",
    "[fd00::1]",
    "128.0.0.1",
    "localhost.example.com",
    "notlocalhost",
    "127.0.0.1.example.com",
    "localhost@example.com",
]
HERE = ["127.0.0.1", "127.8.9.10", "[::1]", "localhost", "LOCALHOST", "sandbox.localhost"]


@pytest.mark.parametrize("host", ELSEWHERE)
@pytest.mark.parametrize("variable", IN_CLEAR)
def test_the_api_key_goes_to_no_other_machine_in_clear(faults, variable, host):
    url = IN_CLEAR[variable].format(host)
    [fault] = faults(**{variable: url})
    assert fault.startswith(f"{variable}: write it with https://, because the API key would travel in clear")
    assert faults(**{variable: url.replace("http:", "https:")}) == ()


@pytest.mark.parametrize("host", HERE)
@pytest.mark.parametrize("variable", IN_CLEAR)
def test_to_a_sandbox_on_this_machine_it_may(faults, variable, host):
    assert faults(**{variable: IN_CLEAR[variable].format(host)}) == ()


@pytest.mark.parametrize(
    "value", ["https://", "https://[", "https://api.synerise.com:port/x", "https://a b/x"]
)
def test_what_is_no_address_of_an_integration_is_refused(faults, value):
    [fault] = faults(RESIGN_SYNERISE_INCOMING_URL=value)
    assert fault.startswith("RESIGN_SYNERISE_INCOMING_URL: write the whole address, from https:// on")


@pytest.mark.parametrize("variable", ["RESIGN_BASE_URL", "RESIGN_SYNERISE_URL"])
@pytest.mark.parametrize(
    "value",
    [
        "optout.example.com",
        "ftp://optout.example.com",
        "https://",
        "https://optout.example.com/u",
        "https://optout.example.com?x=1",
        "https://[",
        "https://:8000",
        "https://optout.example.com:https",
        "https://optout.example.com:99999",
        "https://opt out.example.com",
    ],
)
def test_what_is_no_origin_is_refused(faults, variable, value):
    [fault] = faults(**{variable: value})
    assert fault.startswith(f"{variable}: write it as https://optout.example.com")


@pytest.mark.parametrize(
    "value", ["https://optout.example.com", "http://127.0.0.1:8000", "http://[::1]:8000"]
)
def test_an_origin_is_taken_and_a_slash_at_its_end_dropped(loaded, value):
    assert loaded(RESIGN_BASE_URL=f"{value}/").base_url == value


@pytest.mark.parametrize(
    ("value", "read"), [("localhost:80", ("localhost", 80)), ("[::1]:65535", ("::1", 65535))]
)
def test_an_address_to_listen_on_is_host_and_port(loaded, value, read):
    assert loaded(RESIGN_BIND=value).bind == read


@pytest.mark.parametrize(
    "value",
    [
        "",
        "8000",
        ":8000",
        "host:",
        "host:0",
        "host:65536",
        "host:-1",
        "host:٣",
        "tcp://host:80",
        "my host:80",
    ],
)
def test_what_cannot_be_listened_on_is_refused(faults, value):
    [fault] = faults(RESIGN_BIND=value)
    assert fault.startswith("RESIGN_BIND: write it as 127.0.0.1:8000")


@pytest.mark.parametrize("value", ["", "0", "65", "1.0", "٣", "²", " 2", "+2", "0x2"])
def test_a_number_is_written_in_plain_digits_and_within_its_bounds(faults, value):
    [fault] = faults(RESIGN_WEB_WORKERS=value)
    assert fault.startswith("RESIGN_WEB_WORKERS: give a whole number from 1 to 64")


def test_a_key_ring_keeps_its_order(loaded):
    [workspace] = loaded(RESIGN_KEYS=f"old:{SECRET}1, new-2_x:{SECRET}2:with:colons").workspaces.values()
    assert workspace.keys == (("old", f"{SECRET}1"), ("new-2_x", f"{SECRET}2:with:colons"))


@pytest.mark.parametrize(
    "ring",
    [
        "",
        SECRET,
        f":{SECRET}",
        f"k1:{SECRET},",
        f"k1:{SECRET},,k2:{SECRET}",
        "k1:short",
        f"k1:{SECRET},k2:short",
        f"k.1:{SECRET}",
        f"ninechars:{SECRET}",
        f"clé:{SECRET}",
    ],
)
def test_a_key_ring_of_another_shape_is_refused(faults, ring):
    [fault] = faults(RESIGN_KEYS=ring)
    assert fault.startswith("RESIGN_KEYS: write `id:secret,id:secret` from oldest to newest")


def test_two_keys_of_one_id_are_refused(faults):
    [fault] = faults(RESIGN_KEYS=f"k1:{SECRET}1,k2:{SECRET}2,k1:{SECRET}3")
    assert fault == "RESIGN_KEYS: two keys have the same id; every key needs its own"


def test_an_attribute_that_synerise_silently_ignores_is_refused(faults):
    assert {"newsletter_agreement", "email", "agreements"} <= RESERVED_ATTRIBUTES
    for name in RESERVED_ATTRIBUTES:
        [fault] = faults(RESIGN_SYNERISE_ATTRIBUTE=name)
        assert fault.startswith("RESIGN_SYNERISE_ATTRIBUTE: Synerise ignores this name")


TOGETHER = {
    "RESIGN_SYNERISE_WORKSPACE_GUID": ({"RESIGN_SYNERISE_AUTH": "basic"}, GUID),
    "RESIGN_SYNERISE_ATTRIBUTE": ({"RESIGN_SYNERISE_EMAILS": "non-unique"}, "email_agreement"),
    "RESIGN_SYNERISE_INCOMING_URL": ({"RESIGN_SYNERISE_TELL": "incoming"}, "https://api.synerise.com/x"),
}


@pytest.mark.parametrize("needed", TOGETHER)
def test_a_choice_that_needs_another_setting_says_which(faults, needed):
    choice, good = TOGETHER[needed]
    [fault] = faults(**choice)
    [(because, chosen)] = choice.items()
    assert fault.startswith(f"{needed}: missing, and needed because {because} is {chosen}. ")
    assert faults(**choice, **{needed: good}) == ()


@pytest.mark.parametrize("needed", TOGETHER)
def test_the_other_setting_alone_harms_nobody(faults, needed):
    assert faults(**{needed: TOGETHER[needed][1]}) == ()


@pytest.mark.parametrize("needed", TOGETHER)
def test_a_wrong_value_is_not_called_missing_too(faults, needed):
    [fault] = faults(**TOGETHER[needed][0], **{needed: "\n"})
    assert "missing" not in fault


def test_an_action_name_may_have_32_characters(faults):
    assert faults(RESIGN_SYNERISE_EVENT="n" * 32) == ()


@pytest.mark.parametrize("value", ["hello@fjordandfern.example", "https://fjordandfern.example/help"])
def test_people_write_to_an_address_or_a_page(loaded, value):
    [workspace] = loaded(RESIGN_CONTACT=value).workspaces.values()
    assert workspace.contact == value


@pytest.mark.parametrize(
    "value", ["hello@b.c", " hello@b.c ", "hello@example.", "http://help.example", "hello", ""]
)
def test_where_nobody_could_write_the_fault_says_why(faults, value):
    [fault] = faults(RESIGN_CONTACT=value)
    short = "hello@" in value
    assert ("two letters or more after its last dot" in fault) is short
    assert ("give an e-mail address, or a page that begins with https://" in fault) is not short


def test_the_pages_speak_a_language_that_has_a_catalogue(loaded, faults):
    assert languages() == Catalogues().languages
    for language in languages():
        [workspace] = loaded(RESIGN_LANGUAGE=language).workspaces.values()
        assert workspace.language == language
    there = ", ".join(languages())
    assert faults(RESIGN_LANGUAGE="ja") == (
        f"RESIGN_LANGUAGE: give a language that has a catalogue: {there} (it says 'ja')",
    )


@pytest.mark.parametrize("value", ["", " ", "\n"])
def test_no_folder_at_all_is_not_the_one_that_the_process_happens_to_start_in(faults, value):
    [fault] = faults(RESIGN_DATA_DIR=value)
    assert fault.startswith("RESIGN_DATA_DIR: give a folder, such as ")


def test_links_are_written_to_no_name_that_synerise_ignores_or_a_template_cannot_print(faults):
    for name in ("newsletter_agreement", "email", "resign-token", "1token", "token é", "", "t" * 65):
        assert faults(RESIGN_LINK_ATTRIBUTE=name), name


def test_a_daily_time_is_read_to_the_minute_or_switched_off(loaded):
    assert loaded(RESIGN_RECONCILE_AT="23:59").reconcile_at == time(23, 59)
    assert loaded(RESIGN_RECONCILE_AT="off").reconcile_at is None


@pytest.mark.parametrize("value", ["24:00", "3:00", "03:60", "03:00:00", "03.00", ""])
def test_another_spelling_of_a_daily_time_is_refused(faults, value):
    assert faults(RESIGN_RECONCILE_AT=value)


@pytest.mark.parametrize("name", ["Europe/Warsaw", "UTC", "Etc/GMT+1", "America/Argentina/Buenos_Aires"])
def test_a_time_zone_is_one_of_the_list(loaded, name):
    assert loaded(RESIGN_TIME_ZONE=name).workspaces["default"].time_zone == ZoneInfo(name)


@pytest.mark.parametrize(
    "name",
    [
        "", "europe/warsaw", "Europe", "Europe/Warsw", "CEST", "+01:00", "../../../etc/passwd", "/etc/localtime", "A" * 300,
        "Europe/../Europe/Warsaw", "Europe/Warsaw\n", "Zażółć",
    ],
)  # fmt: skip
def test_another_time_zone_is_refused(faults, name):
    [fault] = faults(RESIGN_TIME_ZONE=name)
    assert fault.startswith("RESIGN_TIME_ZONE: give a name of the IANA's list")


def test_time_zones_are_known_on_a_machine_without_a_list_of_its_own():
    code = "from zoneinfo import ZoneInfo; ZoneInfo('UTC'), print(ZoneInfo('Europe/Warsaw').key)"
    ran = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONTZPATH": ""}, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "Europe/Warsaw\n"


@pytest.mark.parametrize(
    "address",
    [
        "https://alarms.example/hook/T0/B0?x=1",
        "https://10.0.0.7:8443/",
        "http://127.0.0.1:9/a",
        "http://[::1]/a",
    ],
)
def test_alarms_are_posted_over_https_or_within_this_machine(loaded, address):
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert loaded(RESIGN_ALARM_WEBHOOK=address, RESIGN_ALARM_WEBHOOK_SECRET=secret).alarm_webhook == address


@pytest.mark.parametrize(
    "address",
    [
        "http://alarms.example/",
        "http://127.0.0.1.example/",
        "//alarms.example",
        "https://",
        "https://a b/",
        "",
    ],
)
def test_alarms_go_nowhere_in_clear(faults, address):
    found = faults(RESIGN_ALARM_WEBHOOK=address, RESIGN_ALARM_WEBHOOK_SECRET="whsec_" + "A" * 32)
    assert [fault.partition(":")[0] for fault in found] == ["RESIGN_ALARM_WEBHOOK"]


def test_alarms_that_nobody_could_verify_are_not_posted(faults):
    [fault] = faults(RESIGN_ALARM_WEBHOOK="https://alarms.example/")
    assert fault.startswith("RESIGN_ALARM_WEBHOOK_SECRET: missing, because RESIGN_ALARM_WEBHOOK is given")
