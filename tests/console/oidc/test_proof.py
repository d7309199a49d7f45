"""What the identity provider says is believed only where signature, issuer, audience, time and nonce are right."""

import base64

import httpx
import pytest
from joserfc.jwk import RSAKey

from resign.console.oidc.identity import Begun, NotProven, OutOfReach

BEGUN = Begun(state="s" * 43, nonce="n" * 43, verifier="v" * 43)
BACK = "http://127.0.0.1:8020/console/sign-in/oidc/callback"


def code_for(provider, begun: Begun = BEGUN) -> str:
    """What the browser brings back."""
    answer = httpx.get(provider.address(begun, BACK), trust_env=False)
    back = httpx.URL(answer.headers["Location"])
    assert back.params["state"] == begun.state
    return back.params["code"]


def identity(provider, clock, begun: Begun = BEGUN):
    return provider.identity(code_for(provider, begun), begun, BACK, clock.now())


def test_the_groups_that_are_known_become_roles(provider, at_provider, clock):
    at_provider.person["groups"] = ["opt-out-support", "heads", "bowling"]
    found = identity(provider, clock)
    assert (found.issuer, found.subject, found.called) == (at_provider.url, "248289", "Mia")
    assert found.grants == {
        ("support", "default"),
        ("marketer", "default"),
        ("admin", "*"),
        ("operator", "*"),
    }
    assert at_provider.asked[0]["code_challenge_method"] == "S256"
    assert at_provider.asked[0]["scope"] == "openid profile"


@pytest.mark.parametrize("groups", [None, [], "bowling", 7, {"heads": 1}, [["heads"]], ["Heads", "heads "]])
def test_what_names_no_known_group_is_no_role(provider, at_provider, clock, groups):
    at_provider.person["groups"] = groups
    assert identity(provider, clock).grants == frozenset()


@pytest.mark.parametrize(
    "twist",
    [
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"aud": "another client"},
        {"aud": ["another client"]},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"sub": ""},
        {"sub": None},
        {"sub": 248289},
        {"sub": "x" * 256},
        {"exp": 1},
        {"exp": None},
        {"exp": "never"},
        {"iat": 32503680000},
        {"nbf": 32503680000},
        {"aud": ["resign console", "another client"], "azp": "another client"},
    ],
    ids=str,
)
def test_claims_that_were_not_made_for_this_sign_in_prove_nothing(provider, at_provider, clock, twist):
    at_provider.twist = twist
    with pytest.raises(NotProven):
        identity(provider, clock)


@pytest.mark.parametrize("how", ["none", "HS256"])
def test_what_anybody_could_have_signed_proves_nothing(provider, at_provider, clock, how):
    at_provider.sign = how
    with pytest.raises(NotProven):
        identity(provider, clock)


def test_a_secret_among_the_published_keys_is_no_key(provider, at_provider, clock):
    """Key confusion: the provider's document is tampered with, and the token signed with what it says."""
    at_provider.sign = "HS256"
    text = base64.urlsafe_b64encode(at_provider.key.as_pem(private=False)).rstrip(b"=").decode()
    secret = {"kty": "oct", "k": text, "kid": "k1"}
    for published in ([secret], [secret, at_provider.key.as_dict(private=False)]):
        at_provider.published = published
        with pytest.raises(NotProven):
            identity(provider, clock)


def test_another_key_of_the_same_name_proves_nothing(provider, at_provider, clock):
    at_provider.published = [RSAKey.generate_key(2048, {"kid": "k1"}).as_dict(private=False)]
    with pytest.raises(NotProven):
        identity(provider, clock)


def test_a_key_that_was_changed_meanwhile_is_learnt(provider, at_provider, clock):
    assert identity(provider, clock).subject == "248289"
    at_provider.key = RSAKey.generate_key(2048, {"kid": "k1"})
    assert identity(provider, clock).subject == "248289"


@pytest.mark.parametrize(
    "published", [[], [{}], [{"kty": "RSA"}], ["x"], [{"kty": "RSA", "n": 1, "e": "AQAB"}]]
)
def test_keys_that_are_none_prove_nothing(provider, at_provider, clock, published):
    at_provider.published = published
    with pytest.raises(NotProven):
        identity(provider, clock)


def test_a_code_works_once_and_with_its_own_verifier(provider, clock):
    code = code_for(provider)
    stolen = Begun(BEGUN.state, BEGUN.nonce, "another verifier altogether, of an attacker")
    with pytest.raises(NotProven):
        provider.identity(code, stolen, BACK, clock.now())
    code = code_for(provider)
    assert provider.identity(code, BEGUN, BACK, clock.now()).subject == "248289"
    with pytest.raises(NotProven):
        provider.identity(code, BEGUN, BACK, clock.now())


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://login.example.com/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
    ids=str,
)
def test_a_provider_that_says_something_else_of_itself_is_not_followed(provider, at_provider, document):
    at_provider.document = document
    with pytest.raises(OutOfReach):
        provider.address(BEGUN, BACK)
