"""Links that are in mails already: however minting is made quicker, every token keeps its text and opens."""

import pytest

from resign.links import Links
from resign.profile import Profile
from resign.settings import load
from tests.support.variables import VARIABLES

# Minted before the signing key was derived once for all tokens.
MINTED = [
    (
        Profile("email", "anna@example.com"), "newsletter",
        "k2.CV-P7hYESDRxuv3ggv8JVx7vohCFvykUO_VoIMReBtFZQQ.Y1UgUJvvdqkhd0utdgvVw-Bxr-ZthrjXAguhWtFmGDM",
    ),
    (
        Profile("customId", "C-1042"), "newsletter",
        "k2.Vn3Ub21XdNmnQ9x8gNgdl6xTj77dpx8u.pnvu9qesUS03A7nC_w1oaBH5FBuBmTwWhnXCE_Kazq8",
    ),
    (
        Profile("clientId", "1042"), "topic",
        "k2.bn0RPnSL7WAZlgyTj4FSOu31Ft1HiuPIgeRc.TZoW2TLKapNzzSe7ErlLF6N2z2QLaa3_YKhHXGVUugA",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "scope", "token"), MINTED)
def test_a_token_of_last_year_is_minted_again_letter_by_letter_and_opens(profile, scope, token):
    links = Links(load(VARIABLES).workspaces.values())
    assert links.mint("default", profile, scope) == token
    assert links.open(token).profile == profile
