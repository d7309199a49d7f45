"""A console whose staff come by an identity provider, and the provider."""

import shutil
from dataclasses import replace

import pytest

from resign.console.oidc.provider import Provider
from resign.settings import Settings
from tests.support.identity_provider import CLIENT, SECRET, IdentityProvider

GROUPS = {
    "opt-out-support": (("support", "default"), ("marketer", "default")),
    "heads": (("admin", "*"), ("operator", "*")),
}


@pytest.fixture
def database_url(migrated, tmp_path):
    """One engine: what the provider says is no question of the database."""
    shutil.copy(migrated, tmp_path / "resign.db")
    return f"sqlite:///{tmp_path / 'resign.db'}"


@pytest.fixture
def at_provider(clock, served) -> IdentityProvider:
    there = IdentityProvider(clock)
    there.url = served(there.application())
    return there


@pytest.fixture
def settings(settings: Settings, at_provider: IdentityProvider) -> Settings:
    return replace(
        settings,
        oidc_issuer=at_provider.url,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_groups=GROUPS,
    )


@pytest.fixture
def provider(settings) -> Provider:
    return Provider(settings)
