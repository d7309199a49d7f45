"""Reading back: what counts as confirmed, and what never does."""

import httpx
import pytest

from resign.outbox.contract import Confirmed, Differs, NoSuchProfile, Unreachable

ON = [True, "true", "True", 1]
OFF = [False, "false", "False", 0]
NEITHER = [None, "", "TRUE", "off", "disabled", 2, -1, 0.0, 1.0, [], [False], {}, {"email": False}]


@pytest.fixture
def read(destination, network, message):
    def back(profile, *arguments, settings=None, **changes):
        network.answer("*", httpx.Response(200, json=profile))
        return destination(**(settings or {})).read_back(message(*arguments, **changes))

    return back


@pytest.mark.parametrize("value", ON, ids=repr)
def test_an_agreement_that_is_on(read, value):
    assert read({"agreements": {"email": value}}, choice="opt-in") == Confirmed()
    assert read({"agreements": {"email": value}}) == Differs("the profile says opt-in")


@pytest.mark.parametrize("value", OFF, ids=repr)
def test_an_agreement_that_is_off(read, value):
    assert read({"agreements": {"email": value}}) == Confirmed()
    assert read({"agreements": {"email": value}}, choice="opt-in") == Differs("the profile says opt-out")


@pytest.mark.parametrize("value", NEITHER, ids=repr)
@pytest.mark.parametrize("choice", ["opt-out", "opt-in"])
def test_an_agreement_that_says_neither_confirms_nothing(read, value, choice):
    assert isinstance(read({"agreements": {"email": value}}, choice=choice), Differs)


@pytest.mark.parametrize(
    "profile",
    [{}, {"agreements": None}, {"agreements": []}, {"agreements": ["email"]}, {"agreements": {"sms": False}}],
)
def test_a_profile_without_the_agreement_confirms_nothing(read, profile):
    assert isinstance(read(profile), Differs)


NON_UNIQUE = {"synerise_emails": "non-unique", "synerise_attribute": "mail_ok"}


@pytest.mark.parametrize(
    ("profile", "choice", "outcome"),
    [
        ({"attributes": {"mail_ok": "disabled"}}, "opt-out", Confirmed),
        ({"attributes": {"mail_ok": "enabled"}}, "opt-in", Confirmed),
        ({"attributes": {"mail_ok": "enabled"}}, "opt-out", Differs),
        ({"attributes": {"mail_ok": "confirmation"}}, "opt-out", Differs),
        ({"attributes": {"mail_ok": "confirmation"}}, "opt-in", Differs),
        ({"attributes": {"mail_ok": False}}, "opt-out", Differs),
        ({"attributes": {"mail_ok": ["disabled"]}}, "opt-out", Differs),
        ({"attributes": {}, "agreements": {"email": False}}, "opt-out", Differs),
        ({"attributes": {"mail_ok": "enabled"}, "agreements": {"email": False}}, "opt-out", Differs),
    ],
)
def test_where_emails_are_not_unique_the_attribute_is_what_counts(read, network, profile, choice, outcome):
    told = read(profile, "customId", "C-1042", settings=NON_UNIQUE, choice=choice)
    assert type(told) is outcome
    assert network.calls == ["GET /v4/clients/by-customid/C-1042"]


@pytest.mark.parametrize(
    ("kind", "value", "path"),
    [
        ("email", "anna+news@example.com", "/v4/clients/by-email/anna%2Bnews%40example.com"),
        ("customId", "C/1", "/v4/clients/by-customid/C%2F1"),
        ("clientId", "7", "/v4/clients/7"),
    ],
)
def test_the_profile_is_read_by_what_the_link_named(read, network, kind, value, path):
    read({}, kind, value)
    assert network.calls == [f"GET {path}"]


@pytest.mark.parametrize("tell", ["profile", "event", "incoming"])
def test_every_way_of_telling_is_read_back_alike(read, tell):
    assert read({"agreements": {"email": False}}, settings={"synerise_tell": tell}) == Confirmed()


@pytest.mark.parametrize(
    ("email", "found"),
    [("Anna@Example.com", "Anna@Example.com"), (None, None), ("", None), (7, None), ("not an address", None)],
)
def test_the_address_is_filled_in_where_the_link_named_none(read, email, found):
    profile = {"agreements": {"email": False}, "email": email}
    assert read(profile, "clientId", "7") == Confirmed(found)
    assert read(profile, "customId", "C-1") == Confirmed(found)
    assert read(profile) == Confirmed(None)


def test_an_unknown_address_is_read_in_small_letters_too(destination, network, message):
    network.answer("/v4/clients/by-email/Anna@Example.com", httpx.Response(404))
    network.answer(
        "/v4/clients/by-email/anna@example.com", httpx.Response(200, json={"agreements": {"email": 0}})
    )
    assert destination().read_back(message(value="Anna@Example.com")) == Confirmed()
    network.answer("/v4/clients/by-email/anna@example.com", httpx.Response(404))
    assert isinstance(destination().read_back(message(value="Anna@Example.com")), NoSuchProfile)


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"x"', b"<html>", b"[" * 100_000, b'{"agreements"'])
def test_an_answer_that_is_no_profile_is_asked_for_again(destination, network, message, body):
    network.answer("*", httpx.Response(200, content=body))
    told = destination().read_back(message())
    assert isinstance(told, Unreachable)
    assert "not a profile" in told.reason
