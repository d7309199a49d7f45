"""A secret may come from a file, and appears in no message and no printout, whatever is wrong with it."""

import pytest

from resign.settings import SETTINGS, BadSettings, load
from tests.support.variables import VARIABLES

CANARY = "canary-0123456789abcdef"
SECRETS = [row.variable for row in SETTINGS if row.secret]
# Each would be good, or bad in a way of its own, with the canary at a place where a parser could stumble on it.
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BAD_SECRETS = {
    "RESIGN_ALARM_WEBHOOK": ["http://alarms.example/canary", "ftp://canary", "https://canary:x@y:z/"],
    "RESIGN_ALARM_WEBHOOK_SECRET": ["whsec_canary", "whsec_canary!", "canary" * 30],
    "RESIGN_DATABASE_URL": [
        f"mysql://user:{CANARY}@db/resign",
        f"postgresql://user:p@ss:{CANARY}@db/resign",
        f"postgresql://user:{CANARY}@db:port/resign",
        f"postgresql://user@db:{CANARY}/resign",
        f"//{CANARY}",
        CANARY,
    ],
    "RESIGN_DESTINATIONS": [
        CANARY,
        f"[crm]\nkind='webhook'\nurl='https://{CANARY}'",
        f"[crm]\nkind='webhook'\nurl='{CANARY}'\nsecrets='{CANARY}'",
        f"[crm]\nkind='webhook'\nurl='https://crm.example'\nsecrets='{CANARY}'",
    ],
    "RESIGN_KEYS": [CANARY, f"{CANARY}:{CANARY}", f"k1:{CANARY},k1:{CANARY}", f"k1:{CANARY},{CANARY}"],
    "RESIGN_METRICS_TOKEN": [CANARY[:15]],
    "RESIGN_DIGEST_KEY": [CANARY[:15]],
    "RESIGN_OIDC_CLIENT_SECRET": [CANARY, f"{CANARY}\x00"],
    "RESIGN_SYNERISE_API_KEY": [f"{CANARY}\x00"],
    "RESIGN_SYNERISE_WEBHOOK_TOKEN": [CANARY[:15]],
    "RESIGN_TEMPLATE_KEYS": [
        CANARY,
        f"{CANARY}:{CANARY}",
        f"{CANARY}:{CANARY}x:{CANARY}y",
        f"{CANARY}:short",
    ],
}


@pytest.mark.parametrize(
    ("variable", "value"), [(name, each) for name in BAD_SECRETS for each in BAD_SECRETS[name]]
)
def test_no_fault_quotes_a_secret(faults, variable, value):
    found = faults(**{variable: value})
    assert found
    assert "canary" not in "\n".join(found)


def test_no_fault_of_another_setting_quotes_one(faults):
    found = faults(RESIGN_KEYS=f"k1:{CANARY}", RESIGN_DIGEST_KEY=CANARY, RESIGN_BIND="x", RESIGN_NEW="x")
    assert len(found) == 2
    assert CANARY not in "\n".join(found)


def test_the_secrets_are_known_as_such():
    assert set(SECRETS) == set(BAD_SECRETS)


def test_no_printout_of_the_settings_holds_a_secret(loaded):
    settings = loaded(
        RESIGN_KEYS=f"k1:{CANARY}",
        RESIGN_DIGEST_KEY=CANARY,
        RESIGN_SYNERISE_API_KEY=CANARY,
        RESIGN_METRICS_TOKEN=CANARY,
        RESIGN_DATABASE_URL=f"postgresql://u:{CANARY}@db/resign",
    )
    for shown in (repr(settings), str(settings), f"{settings.workspaces}"):
        assert CANARY not in shown


def test_no_cause_of_a_fault_is_carried_along(tmp_path):
    """What a traceback would show: the parser's own error may quote what it choked on."""
    with pytest.raises(BadSettings) as bad:
        load({**VARIABLES, "RESIGN_DATABASE_URL": f"postgresql://u:p@x:{CANARY}@db/resign"})
    assert bad.value.__context__ is None
    assert bad.value.__cause__ is None


@pytest.mark.parametrize("variable", [row.variable for row in SETTINGS if row.secret])
def test_a_secret_may_come_from_a_file(loaded, tmp_path, variable):
    value = {
        "RESIGN_DATABASE_URL": "postgresql://db/resign",
        "RESIGN_KEYS": f"k9:{CANARY}",
        "RESIGN_DESTINATIONS": f"[crm]\nkind='webhook'\nurl='https://crm.example/{CANARY}'\nsecrets='{WEBHOOK_SECRET}'",
        "RESIGN_TEMPLATE_KEYS": f"{CANARY}:{CANARY}-2",
        "RESIGN_ALARM_WEBHOOK": f"https://alarms.example/{CANARY}",
        "RESIGN_ALARM_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }.get(variable, CANARY)
    beside = {
        "RESIGN_ALARM_WEBHOOK": {"RESIGN_ALARM_WEBHOOK_SECRET": WEBHOOK_SECRET},
        "RESIGN_OIDC_CLIENT_SECRET": {
            "RESIGN_OIDC_ISSUER": "https://login.example.com",
            "RESIGN_OIDC_CLIENT_ID": "resign",
            "RESIGN_OIDC_GROUPS": 'staff = ["support@*"]',
        },
    }.get(variable, {})
    file = tmp_path / "secret"
    file.write_text(f"{value}\n")
    with_file = loaded(**{variable: None, f"{variable}_FILE": str(file), **beside})
    assert with_file == loaded(**{variable: value, **beside})


def test_a_setting_that_is_no_secret_may_come_from_a_file_too(loaded, tmp_path):
    file = tmp_path / "sender"
    file.write_text("Färn & Fjord\n", encoding="utf-8")
    [workspace] = loaded(RESIGN_SENDER=None, RESIGN_SENDER_FILE=str(file)).workspaces.values()
    assert workspace.sender == "Färn & Fjord"


def test_a_file_with_windows_line_ends_gives_the_same_keys(loaded, tmp_path):
    file = tmp_path / "keys"
    file.write_bytes(VARIABLES["RESIGN_KEYS"].encode() + b"\r\n")
    assert loaded(RESIGN_KEYS=None, RESIGN_KEYS_FILE=str(file)) == loaded()


def test_both_given_is_a_fault(faults, tmp_path):
    file = tmp_path / "keys"
    file.write_text(VARIABLES["RESIGN_KEYS"])
    assert faults(RESIGN_KEYS_FILE=str(file)) == (
        "RESIGN_KEYS: given twice, as itself and as RESIGN_KEYS_FILE; keep one",
    )


@pytest.mark.parametrize("variable", ["RESIGN_KEYS", "RESIGN_BIND"])
@pytest.mark.parametrize("path", ["missing", ".", "", "binary", "x" * 5000, "\x00"])
def test_a_file_that_cannot_be_read_is_one_fault_that_says_so(faults, tmp_path, monkeypatch, variable, path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    assert faults(**{variable: None, f"{variable}_FILE": path}) == (
        f"{variable}_FILE: the file it names cannot be read; check its path and its permissions",
    )


def test_a_wrong_value_in_a_file_is_judged_like_any_other(faults, tmp_path):
    file = tmp_path / "keys"
    file.write_text(f"{CANARY}\n")
    [fault] = faults(RESIGN_KEYS=None, RESIGN_KEYS_FILE=str(file))
    assert fault.startswith("RESIGN_KEYS: write `id:secret,id:secret`")
    assert CANARY not in fault
