"""Only what we signed for this workspace and purpose opens; all else is one BadLink, whatever was wrong with it."""

import string

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from resign.links import SCOPE, BadLink, Link, Links
from resign.links.key import Key
from resign.links.link import pack
from resign.profile import KINDS, Profile
from resign.settings import load
from tests.links.conftest import NEW, OLD
from tests.support.decisions import ANNA, BORIS
from tests.support.variables import VARIABLES

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

LINKS = Links(load(VARIABLES).workspaces.values())
TOKEN = LINKS.mint("default", ANNA)
ALPHABET = string.ascii_letters + string.digits + "-_"
# The very key that LINKS signs with, to sign what LINKS never would.
OURS = Key("k2", NEW, purpose="optout", workspace="default")


def opens(links: Links, token: str) -> bool:
    try:
        links.open(token)
    except BadLink:
        return False
    return True


def test_a_link_opens_with_the_id_of_the_key_that_signed_it(ring):
    assert ring(k1=OLD).open(ring(k1=OLD).mint("default", ANNA)) == Link("default", ANNA, SCOPE, "k1")


def test_the_newest_key_signs_and_all_open(ring, links):
    old = ring(k1=OLD).mint("default", ANNA)
    assert links.mint("default", ANNA).startswith("k2.")
    assert links.open(old).key_id == "k1"


def test_a_link_of_five_rotations_ago_still_opens(ring):
    keys = {f"k{number}": f"secret-of-the-tests-{number}" for number in range(6)}
    first = ring(k0=keys["k0"]).mint("default", ANNA)
    assert ring(**keys).open(first).profile == ANNA


def test_a_revoked_key_opens_nothing(ring, links):
    assert not opens(ring(k2=NEW), ring(k1=OLD).mint("default", ANNA))


def test_another_secret_under_the_same_id_opens_nothing(ring):
    assert not opens(ring(k1=NEW), ring(k1=OLD).mint("default", ANNA))


def test_the_same_secret_under_another_id_opens_nothing(ring):
    assert not opens(ring(k2=OLD), ring(k1=OLD).mint("default", ANNA))


def test_another_workspace_with_the_same_secret_and_id_opens_nothing(ring):
    assert not opens(ring("oak", k1=OLD), ring("fern", k1=OLD).mint("fern", ANNA))


def test_with_both_workspaces_at_hand_each_link_opens_as_its_own(ring, workspace):
    from dataclasses import replace  # noqa: PLC0415 - for this test alone

    both = Links([replace(workspace, name=name, keys=(("k1", OLD),)) for name in ("fern", "oak")])
    for name in ("fern", "oak"):
        assert both.open(ring(name, k1=OLD).mint(name, ANNA)) == Link(name, ANNA, SCOPE, "k1")


@pytest.mark.parametrize("purpose", ["receipt", "", "optout/default", "preferences"])
def test_a_token_for_another_purpose_opens_nothing(purpose):
    other = Key("k2", NEW, purpose=purpose, workspace="default").close(pack(ANNA, SCOPE))
    assert other.count(".") == 2
    assert not opens(LINKS, other)


def test_the_same_claims_closed_by_the_same_key_do_open():
    assert OURS.close(pack(ANNA, SCOPE)) == TOKEN


@pytest.mark.parametrize("position", range(len(TOKEN)))
def test_a_flipped_character_is_refused_or_the_same_person(position):
    for other in (*ALPHABET, "."):
        flipped = f"{TOKEN[:position]}{other}{TOKEN[position + 1 :]}"
        try:
            assert LINKS.open(flipped).profile == ANNA
        except BadLink:
            continue
        # base64 has four spellings of the last character of 32 bytes; nothing else may be spelled otherwise.
        assert flipped == TOKEN or position == len(TOKEN) - 1


def test_a_token_cut_short_or_made_longer_is_refused():
    for cut in range(len(TOKEN)):
        assert not opens(LINKS, TOKEN[:cut])
    for more in ("A", ".", "=", " ", "\n", "/", "%20", "A" * 2000, f".{TOKEN}", "\u00e9"):
        assert not opens(LINKS, TOKEN + more), more
        assert not opens(LINKS, more + TOKEN), more


def test_parts_of_two_good_tokens_make_no_third():
    one, other = TOKEN.split("."), LINKS.mint("default", BORIS).split(".")
    for mixed in ([one[0], other[1], one[2]], [one[0], one[1], other[2]], ["k1", *one[1:]]):
        assert not opens(LINKS, ".".join(mixed))


@patient
@given(st.text(st.characters(exclude_categories=()), max_size=300))
@example("")
@example("..")
@example("k2..")
@example("k2.A.A")
@example("k2.\u00e9.A")
@example("\ud800.A.A")
@example("k2." + "A" * 1300 + ".A")
def test_any_text_is_a_bad_link(text):
    assert not opens(LINKS, text)


@patient
@given(st.text(ALPHABET, max_size=200), st.text(ALPHABET, max_size=60))
def test_any_text_in_the_shape_of_a_token_is_a_bad_link(sealed, signature):
    assert not opens(LINKS, f"k2.{sealed}.{signature}")


JUNK = {
    "one byte": b"\x10",
    "another version": bytes((0x20, 0)) + b"anna@example.com",
    "no version": bytes((0x00, 0)) + b"anna@example.com",
    "a kind that there is not": bytes((0x10 | len(KINDS), 0)) + b"1042",
    "no identifier": bytes((0x10, 0)),
    "a scope longer than the claims": bytes((0x10, 200)) + b"anna@example.com",
    "a scope that is no text": bytes((0x10, 2)) + b"\xff\xfe" + b"anna@example.com",
    "an identifier that is no text": bytes((0x11, 0)) + b"\xff\xfe",
    "an address that is none": bytes((0x10, 0)) + b"anna",
    "a number that is none": bytes((0x12, 0)) + b"abc",
    "an identifier with a line end": bytes((0x11, 0)) + b"a\r\nb",
    "json": b'{"workspace": "default", "email": "anna@example.com"}',
    "zeros": bytes(64),
}


@pytest.mark.parametrize("junk", JUNK)
def test_well_signed_claims_of_another_shape_are_a_bad_link(junk):
    assert not opens(LINKS, OURS.close(JUNK[junk]))


@patient
@given(st.binary(min_size=1, max_size=200))
def test_well_signed_claims_of_any_shape_are_a_link_or_a_bad_link(junk):
    token = OURS.close(junk)
    if opens(LINKS, token):
        link = LINKS.open(token)
        assert link.profile == Profile.of(link.profile.kind, link.profile.value)


def test_well_signed_text_that_was_never_sealed_is_a_bad_link():
    for sealed in ("", "A", "AAAA", "A" * 100):
        assert not opens(LINKS, OURS._signer.sign(f"k2.{sealed}").decode())


def test_a_bad_link_says_nothing_about_its_cause():
    for token in ("", f"{TOKEN}A", OURS.close(JUNK["json"])):
        with pytest.raises(BadLink) as bad:
            LINKS.open(token)
        assert (str(bad.value), bad.value.__cause__) == ("", None)
