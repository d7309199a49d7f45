"""Links that a template signed: whichever way the address was encoded they open, and nothing else does."""

import hashlib
import re
import secrets
import time
from base64 import b64encode
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resign.links import BadLink, Link
from resign.links.template import KEY_ID, TemplateLinks, sign
from resign.profile import Profile
from resign.settings import load
from tests.support.decisions import ANNA
from tests.support.variables import VARIABLES

PAIRS = (
    ("first-key-of-the-tests", "second-key-of-the-tests"),
    ("third-key-of-the-tests", "fourth-key-of-tests"),
)
WORKSPACE = load(VARIABLES).workspaces["default"]
LINKS = TemplateLinks([replace(WORKSPACE, template_keys=PAIRS)])
OPENED = Link("default", ANNA, key_id="tpl")
# Their base64 has all that may get lost: a plus, a slash, one and two signs of padding.
AWKWARD = ["an~a@example.com", "an?@example.com", "anna@example.com", "ann@example.com", "żółw@example.com"]


def encoded(address: str) -> str:
    return b64encode(address.encode()).decode()


def signed(address: str = ANNA.value, pair=PAIRS[0], **how) -> tuple[str, str]:
    return encoded(address), sign(address, *pair, **how)


def test_the_signature_is_what_the_template_language_makes():
    inner = hashlib.sha256(f"{PAIRS[0][0]}anna@example.com".encode()).hexdigest()
    assert sign(ANNA.value, *PAIRS[0]) == hashlib.sha256(f"{PAIRS[0][1]}{inner}".encode()).hexdigest()


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("capitals", [False, True])
@pytest.mark.parametrize("outer", [str.lower, str.upper])
def test_every_pair_of_the_ring_opens_in_either_case_of_both_hashes(pair, capitals, outer):
    e, sig = signed(pair=pair, capitals=capitals)
    assert LINKS.open(e, outer(sig)) == OPENED


@pytest.mark.parametrize("address", AWKWARD)
@pytest.mark.parametrize(
    "spelled",
    [
        lambda e: e,
        lambda e: e.replace("+", " "),
        lambda e: e.rstrip("="),
        lambda e: e.replace("+", "-").replace("/", "_"),
        lambda e: quote(e, safe=""),
        lambda e: re.sub("%..", lambda sign: sign[0].lower(), quote(e, safe="")),
    ],
    ids=["raw", "plus-became-blank", "no-padding", "url-safe", "encoded-once-more", "in-small-letters"],
)
def test_every_way_that_base64_travels_is_read(address, spelled):
    e, sig = signed(address)
    assert LINKS.open(spelled(e), sig).profile == Profile("email", address)


def test_the_addresses_of_that_test_have_all_that_may_get_lost():
    together = "".join(map(encoded, AWKWARD))
    assert all(sign in together for sign in ("+", "/", "==", "="))


def test_an_address_that_was_not_made_small_before_it_was_encoded_opens_too():
    _, sig = signed()
    assert LINKS.open(encoded(" Anna@Example.com "), sig) == OPENED


BROKEN = {
    "nothing": ("", ""),
    "no signature": (encoded(ANNA.value), ""),
    "no address": ("", sign("", *PAIRS[0])),
    "a signature of another address": (encoded("boris@example.com"), sign(ANNA.value, *PAIRS[0])),
    "another's keys": signed(pair=("fifth-key-of-the-tests", "sixth-key-of-the-tests")),
    "keys of two pairs": signed(pair=(PAIRS[0][0], PAIRS[1][1])),
    "the keys exchanged": signed(pair=PAIRS[0][::-1]),
    "a plain hash": (
        encoded(ANNA.value),
        hashlib.sha256(f"{PAIRS[0][0]}{ANNA.value}".encode()).hexdigest(),
    ),
    "no hex": (encoded(ANNA.value), "g" * 64),
    "too short": (encoded(ANNA.value), sign(ANNA.value, *PAIRS[0])[:-1]),
    "too long": (encoded(ANNA.value), sign(ANNA.value, *PAIRS[0]) + "0"),
    "a line end": (encoded(ANNA.value), sign(ANNA.value, *PAIRS[0]) + "\n"),
    "other digits": (encoded(ANNA.value), "\uff11" * 64),
    "no base64": ("!!!", sign(ANNA.value, *PAIRS[0])),
    "one letter": ("A", sign(ANNA.value, *PAIRS[0])),
    "padding in the middle": ("YW5u=YQ==", sign(ANNA.value, *PAIRS[0])),
    "no text": (b64encode(b"\xff\xfe").decode(), sign(ANNA.value, *PAIRS[0])),
    "signed, but no address": signed("anna"),
    "signed, but an address that Synerise refuses": signed("a\u00adnna@example.com"),
    "percent-encoded bytes": ("%ff%fe", sign(ANNA.value, *PAIRS[0])),
    "letters of elsewhere": ("żółw", sign(ANNA.value, *PAIRS[0])),
    "half a letter": ("\ud800", sign(ANNA.value, *PAIRS[0])),
    "endless": ("A" * 1_000_000, sign(ANNA.value, *PAIRS[0])),
}


@pytest.mark.parametrize("case", BROKEN)
def test_whatever_is_wrong_it_is_one_bad_link(case):
    with pytest.raises(BadLink) as refused:
        LINKS.open(*BROKEN[case])
    assert str(refused.value) == ""


@given(st.text(max_size=60), st.text(max_size=70))
def test_any_text_is_a_bad_link(e, sig):
    with pytest.raises(BadLink):
        LINKS.open(e, sig)


@given(st.integers(0, 63), st.sampled_from("0123456789abcdef"))
def test_a_digit_changed_opens_nothing(position, digit):
    e, sig = signed()
    changed = sig[:position] + digit + sig[position + 1 :]
    if changed != sig:
        with pytest.raises(BadLink):
            LINKS.open(e, changed)


@pytest.mark.parametrize(
    "changed", [{"template_keys": None}, {"template_keys": PAIRS, "synerise_emails": "non-unique"}]
)
def test_without_keys_and_where_an_address_names_nobody_there_are_no_such_links(changed):
    with pytest.raises(BadLink):
        TemplateLinks([replace(WORKSPACE, **changed)]).open(*signed())


def test_each_workspace_opens_with_its_own_keys():
    links = TemplateLinks(
        replace(WORKSPACE, name=name, template_keys=(pair,))
        for name, pair in zip(("fern", "oak"), PAIRS, strict=True)
    )
    assert [links.open(*signed(pair=pair)).workspace for pair in PAIRS] == ["fern", "oak"]


def test_the_key_id_fits_its_column_and_is_no_keys_own_shape():
    assert re.fullmatch(r"[a-z]{1,8}", KEY_ID)


def test_the_comparison_takes_as_long_for_a_near_miss_as_for_a_far_one():
    """Only a coarse guard: that it is `compare_digest` which decides, is for whoever reads the code."""
    e, sig = signed()
    near, far = sig[:-1] + ("0" if sig[-1] != "0" else "1"), secrets.token_hex(32)

    def seconds(wrong: str) -> float:
        best = []
        for _ in range(200):
            began = time.perf_counter()
            with pytest.raises(BadLink):
                LINKS.open(e, wrong)
            best.append(time.perf_counter() - began)
        return min(best)

    assert 0.5 < seconds(near) / seconds(far) < 2
