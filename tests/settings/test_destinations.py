"""Other systems that hear of decisions, as the settings name them."""

import re

import pytest

from resign.settings.destinations import destinations

SECRET = "whsec_" + "A" * 43 + "="
GOOD = f"""
[crm]
kind = "webhook"
url = "https://crm.example/hook"
secrets = ["{SECRET}"]
agreements = ["newsletter"]
networks = ["10.0.0.0/8"]
"""


def test_a_webhook_is_read():
    crm = destinations(GOOD)["crm"]
    assert (crm.url, crm.secrets, crm.agreements) == ("https://crm.example/hook", (SECRET,), ("newsletter",))
    assert str(crm.networks[0]) == "10.0.0.0/8"
    assert SECRET not in repr(crm)
    assert "crm.example" not in repr(crm)


def test_secrets_may_stand_in_a_file(tmp_path):
    file = tmp_path / "secrets"
    file.write_text(f"{SECRET}\n{SECRET}\n")
    given = {"crm": {"kind": "webhook", "url": "https://crm.example/", "secrets_file": str(file)}}
    assert destinations(given)["crm"].secrets == (SECRET, SECRET)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("[synerise]\nkind='webhook'", "cannot be a destination's name"),
        ("[synerise-batch]\nkind='webhook'", "cannot be a destination's name"),
        ("[A B]", "not TOML"),
        ("crm = 7", "is no table"),
        ("[crm]\nkind = 'pigeon'", "destination crm: kind is one of"),
        (GOOD.replace("https://crm.example/hook", "nonsense"), "destination crm: url"),
        (GOOD.replace(SECRET, "whsec_c2hvcnQ="), "destination crm: secrets"),
        (GOOD.replace("secrets", "secret"), "destination crm: secrets are missing"),
        (GOOD + "colour = 'red'", "there is no 'colour'"),
        (GOOD.replace("10.0.0.0/8", "everywhere"), "networks are written"),
        (GOOD + "secrets_file = '/nowhere'", "given twice"),
        (GOOD.replace(f'secrets = ["{SECRET}"]', "secrets_file = '/nowhere'"), "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_without_the_secret(given, says):
    with pytest.raises(ValueError, match=re.escape(says)) as fault:
        destinations(given)
    assert SECRET not in str(fault.value)
    assert "whsec_c2hvcnQ" not in str(fault.value)
