"""A link is short, says nothing about the person, is the same each time, and opens for ever."""

import re
import time
from base64 import urlsafe_b64decode
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resign.links import Link, Links
from resign.profile import BadProfile, Profile
from resign.settings import load
from tests.support.decisions import ANNA
from tests.support.variables import VARIABLES

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

WORKSPACE = load(VARIABLES).workspaces["default"]
LINKS = Links([replace(WORKSPACE, keys=(("abcdefgh", "a-secret-of-the-tests"),))])
PEOPLE = [
    ANNA,
    Profile("email", f"{'a' * 78}@example.com"),
    Profile("customId", "C-1042"),
    Profile("customId", "x" * 90),
    Profile("clientId", "1042"),
    Profile("clientId", str(2**63 - 1)),
]


def identifier(kind: str, text: str) -> Profile | None:
    try:
        return Profile.of(kind, text)
    except BadProfile:
        return None


PROFILES = st.one_of(
    st.builds(lambda text: identifier("customId", text), st.text(min_size=1, max_size=254)),
    st.builds(lambda number: identifier("clientId", str(number)), st.integers(0, 2**63 - 1)),
    st.builds(
        lambda local, domain: identifier("email", f"{local}@{domain}.example"),
        st.text(st.sampled_from("abcXYZ019.+-_éł"), min_size=1, max_size=60),
        st.text(st.sampled_from("abc019-"), min_size=1, max_size=20),
    ),
).filter(lambda profile: profile is not None)
SCOPES = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=64)


@pytest.mark.parametrize("profile", PEOPLE, ids=lambda profile: f"{profile.kind}-{len(profile.value)}")
def test_a_token_has_at_most_200_characters(profile):
    assert len(profile.value.encode()) <= 90
    assert len(LINKS.mint("default", profile)) <= 200


def test_a_token_is_made_of_what_stands_in_a_path_without_escaping():
    assert re.fullmatch(r"abcdefgh\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", LINKS.mint("default", ANNA))


@patient
@given(PROFILES, SCOPES)
def test_everything_that_was_minted_opens_to_what_went_in(profile, scope):
    token = LINKS.mint("default", profile, scope)
    assert LINKS.open(token) == Link("default", profile, scope, "abcdefgh")


def test_the_longest_link_that_there_can_be_opens():
    profile = Profile.of("customId", "\uffee" * 254)
    token = LINKS.mint("default", profile, "s" * 64)
    assert LINKS.open(token).profile == profile


@patient
@given(PROFILES)
def test_minting_again_gives_the_same_text(profile):
    again = Links([replace(WORKSPACE, keys=(("abcdefgh", "a-secret-of-the-tests"),))])
    assert LINKS.mint("default", profile) == again.mint("default", profile)


def test_another_person_another_scope_and_another_key_are_other_texts(ring):
    tokens = {
        ring(k=secret).mint("default", profile, scope)
        for secret in ("a-secret-of-the-tests", "b-secret-of-the-tests")
        for profile in PEOPLE
        for scope in ("newsletter", "offers")
    }
    assert len(tokens) == 2 * 2 * len(PEOPLE)


@pytest.mark.parametrize("profile", PEOPLE, ids=lambda profile: f"{profile.kind}-{len(profile.value)}")
def test_nothing_personal_is_readable_in_it(profile):
    token = LINKS.mint("default", profile, "offers")
    spelled = [part.encode() for part in (token, *token.split("."))]
    decoded = [urlsafe_b64decode(part + b"=" * (-len(part) % 4)) for part in spelled[2:]]
    personal = {profile.value, *re.split(r"[@.]", profile.value), profile.kind, "offers", "default"}
    for text in (*spelled, *decoded):
        for word in personal:
            assert len(word) < 4 or word.lower().encode() not in text.lower()
            assert len(word) < 4 or word.encode("utf-16-le") not in text


def test_it_never_expires_because_no_time_is_in_it(monkeypatch):
    token = LINKS.mint("default", ANNA)
    for years in (-20, 40):
        moment = time.time() + years * 365 * 86_400
        monkeypatch.setattr(time, "time", lambda moment=moment: moment)
        assert LINKS.mint("default", ANNA) == token
        assert LINKS.open(token).profile == ANNA
