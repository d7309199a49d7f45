"""The identity provider: given whole or not at all, over TLS, with roles and workspaces that there are."""

from typing import get_args

import pytest

from resign.settings import load
from resign.settings.identity_provider import ROLES
from resign.staff import roles
from tests.settings.test_toml import FERN, OAK

WHOLE = {
    "RESIGN_OIDC_ISSUER": "https://login.example.com/realms/staff",
    "RESIGN_OIDC_CLIENT_ID": "resign",
    "RESIGN_OIDC_CLIENT_SECRET": "from the provider",
    "RESIGN_OIDC_GROUPS": 'heads = ["admin@*", "marketer@default"]',
}


def test_the_roles_are_those_of_the_staff():
    assert set(ROLES) == set(get_args(roles.Role))
    assert roles.EVERYWHERE == "*"


def test_it_is_read_from_variables(loaded):
    assert loaded(**WHOLE).oidc_groups == {"heads": (("admin", "*"), ("marketer", "default"))}
    assert loaded().oidc_issuer is None


def test_the_groups_are_a_table_of_the_file(toml):
    first = 'oidc_issuer = "https://login.example.com"\noidc_client_id = "x"\noidc_client_secret = "y"\n'
    groups = '[oidc_groups]\n"Opt-out / support" = ["support@fern", "support@oak"]\n'
    settings = load({"RESIGN_CONFIG": toml(first + groups + FERN + OAK)})
    assert settings.oidc_groups == {"Opt-out / support": (("support", "fern"), ("support", "oak"))}


@pytest.mark.parametrize("left_out", WHOLE)
def test_a_half_of_it_is_a_fault(faults, left_out):
    [fault] = faults(**{**WHOLE, left_out: None})
    assert f"{left_out} is missing. " in fault


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("RESIGN_OIDC_ISSUER", "http://login.example.com", "https://"),
        ("RESIGN_OIDC_ISSUER", "login.example.com", "such as https://"),
        ("RESIGN_OIDC_ISSUER", "https://login.example.com/?tenant=1", "such as https://"),
        ("RESIGN_OIDC_GROUPS", "heads", "TOML"),
        ("RESIGN_OIDC_GROUPS", 'heads = "admin@*"', "heads"),
        ("RESIGN_OIDC_GROUPS", 'heads = ["root@*"]', "heads"),
        ("RESIGN_OIDC_GROUPS", "heads = []", "heads"),
        ("RESIGN_OIDC_GROUPS", 'heads = ["admin@shop"]', "there is no workspace shop"),
        ("RESIGN_OIDC_SCOPE", "profile", "openid"),
    ],
)
def test_what_is_wrong_is_said(faults, name, value, said):
    [fault] = faults(**{**WHOLE, name: value})
    assert fault.startswith(f"{name}: ")
    assert said in fault


def test_this_machine_s_own_provider_needs_no_certificate(loaded):
    assert loaded(**{**WHOLE, "RESIGN_OIDC_ISSUER": "http://127.0.0.1:9000"}).oidc_issuer
