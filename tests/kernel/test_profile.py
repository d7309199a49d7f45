"""One identifier, checked: what Synerise refuses never gets in, and the address never gets out by a printout."""

import unicodedata

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from resign.profile import KINDS, MOST_CHARACTERS, BadProfile, Profile

KEY, OTHER_KEY = b"digest-secret-of-the-tests", b"another-secret-of-the-tests"
FORBIDDEN = "\r\n\u2028\u2029\u00ad\ufe00\ufe0f\x00\U0001f600\ud800\udfff"

# A busy machine is no fault of the code's.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

_ATOM = st.text(st.sampled_from("abcXYZ019!#$%&'*+-/=?^_`{|}~éłß"), min_size=1, max_size=20)
_LABEL = st.text(st.sampled_from("abcXYZ019-"), min_size=1, max_size=12)
EMAILS = st.builds(
    lambda local, labels, top: f"{'.'.join(local)}@{'.'.join([*labels, top])}",
    st.lists(_ATOM, min_size=1, max_size=3),
    st.lists(_LABEL, min_size=1, max_size=3),
    st.sampled_from(["com", "PL", "example", "museum"]),
).filter(lambda address: len(address) <= MOST_CHARACTERS)


@pytest.mark.parametrize(
    "address",
    [
        "anna@example.com",
        "Anna.Łukasz+news@Example.COM",
        "o'brien@example.com",
        '"anna b"@example.com',
        "anna@[192.0.2.1]",
        "a@b.co",
        "zoë@example.com",
    ],
)
def test_an_address_that_synerise_accepts_is_kept_as_it_is_written(address):
    assert Profile.of("email", address).value == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "anna",
        "@example.com",
        "anna@",
        "anna@example",
        "anna@@example.com",
        "anna..b@example.com",
        ".anna@example.com",
        "anna@exämple.com",
        "anna@example.xn--p1ai",
        "anna@example.com,boris@example.com",
        "Anna <anna@example.com>",
        "anna b@example.com",
        "anna@example.com\nbcc: x@example.com",
        "anna@[1.2.3]",
    ],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(BadProfile):
        Profile.of("email", address)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("character", FORBIDDEN)
def test_a_character_that_could_spoil_a_whole_batch_is_refused(kind, character):
    with pytest.raises(BadProfile):
        Profile.of(kind, f"12{character}34")


@pytest.mark.parametrize(("value", "good"), [("0", True), (str(2**63 - 1), True), (str(2**63), False)])
def test_a_client_id_is_a_whole_number_that_fits(value, good):
    if good:
        assert Profile.of("clientId", value).value == value
    else:
        with pytest.raises(BadProfile):
            Profile.of("clientId", value)


@pytest.mark.parametrize("value", ["-1", "+1", "1.0", "1e3", "٣", "²", "0x1", "1 2", "abc"])
def test_what_is_no_whole_number_is_no_client_id(value):
    with pytest.raises(BadProfile):
        Profile.of("clientId", value)


@pytest.mark.parametrize("kind", ["", "Email", "phone", "uuid", "customid"])
def test_another_kind_of_identifier_is_refused(kind):
    with pytest.raises(BadProfile):
        Profile.of(kind, "1042")


def test_an_identifier_has_a_longest_length():
    assert Profile.of("customId", "x" * MOST_CHARACTERS)
    with pytest.raises(BadProfile):
        Profile.of("customId", "x" * (MOST_CHARACTERS + 1))


def test_blanks_around_an_identifier_are_dropped_and_those_within_are_kept():
    assert Profile.of("customId", "\t C 1042 \u00a0").value == "C 1042"


def test_two_ways_to_write_one_letter_are_one_person():
    composed, decomposed = "zo\u00eb@example.com", "zoe\u0308@example.com"
    assert Profile.of("email", composed) == Profile.of("email", decomposed)


@patient
@given(st.sampled_from(KINDS), st.text(st.characters(exclude_categories=()), max_size=300))
def test_any_text_is_a_profile_or_refused(kind, text):
    try:
        profile = Profile.of(kind, text)
    except BadProfile:
        return
    assert Profile.of(kind, profile.value) == profile
    assert unicodedata.is_normalized("NFC", profile.value)
    assert not set(profile.value) & set(FORBIDDEN)


@pytest.mark.parametrize("kind", [*KINDS, "canary"])
@pytest.mark.parametrize("text", ["canary", "canary\nx", "canary" * 50, "canary@", "canary@example.c"])
def test_what_is_refused_is_not_quoted(kind, text):
    message = ""
    try:
        Profile.of(kind, text)
    except BadProfile as refused:
        message = str(refused)
    assert "canary" not in message


@patient
@given(EMAILS)
def test_a_printout_never_shows_the_address(address):
    profile = Profile.of("email", address)
    local = address.rpartition("@")[0]
    for shown in (repr(profile), str(profile), f"{profile}", profile.masked(), repr([profile])):
        assert address not in shown
        assert len(local) == 1 or f"{local}@" not in shown


@patient
@given(st.text(st.sampled_from("abcdefghij0123456789-_"), min_size=1, max_size=40))
def test_a_printout_shows_no_more_than_two_letters_of_another_identifier(value):
    profile = Profile.of("customId", value)
    assert repr(profile) == f"Profile(customId, {profile.masked()})"
    assert profile.masked() == (f"•••{value[-2:]}" if len(value) > 4 else "•••")


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("anna@example.com", "a•••@example.com"),
        ("a@example.com", "a•••@example.com"),
        ('"@b"@example.com', '"•••@example.com'),
    ],
)
def test_a_person_recognises_their_own_address(address, masked):
    assert Profile("email", address).masked() == masked


@patient
@given(EMAILS)
def test_the_case_of_an_address_makes_no_second_person_for_search(address):
    folded = Profile.of("email", address.lower())
    assume(folded.value == address.lower())
    assert Profile.of("email", address).digest(KEY) == folded.digest(KEY)


@patient
@given(EMAILS)
def test_the_case_of_an_address_makes_another_subject_for_synerise(address):
    assume(address != address.lower())
    assert Profile.of("email", address).subject(KEY) != Profile.of("email", address.lower()).subject(KEY)


def test_the_case_of_a_custom_id_counts():
    assert Profile("customId", "C-1").digest(KEY) != Profile("customId", "c-1").digest(KEY)


def test_a_digest_is_32_hexadecimal_digits_and_tells_nothing_without_its_key():
    anna = Profile("email", "anna@example.com")
    digests = {anna.digest(KEY), anna.digest(OTHER_KEY), anna.subject(KEY), anna.subject(OTHER_KEY)}
    assert len(digests) == 4
    assert all(len(digest) == 32 and int(digest, 16) for digest in digests)


def test_the_same_text_as_another_kind_is_another_person():
    assert len({Profile(kind, "1042").digest(KEY) for kind in KINDS}) == len(KINDS)
    assert len({Profile(kind, "1042").subject(KEY) for kind in KINDS}) == len(KINDS)


def test_a_digest_never_changes():
    """It is kept for years: with another one nobody who opted out before would be recognised."""
    anna = Profile("email", "Anna@example.com")
    assert anna.digest(KEY) == "e315c496d438da67566b3d5f70310bf2"
    assert anna.subject(KEY) == "db500b581f225810ce583bbda28be9ae"
