"""A profile is told by update-only calls, and never brought into being."""

import httpx
import pytest

from resign.outbox.contract import Accepted, NoSuchProfile, Refused, SendAlone


@pytest.mark.parametrize(
    ("kind", "value", "path"),
    [
        ("email", "anna+news@example.com", "/v4/clients/by-email/anna%2Bnews%40example.com"),
        ("email", "żółw@example.com", "/v4/clients/by-email/%C5%BC%C3%B3%C5%82w%40example.com"),
        ("customId", "C 10/42?x#y%2F", "/v4/clients/by-customid/C%2010%2F42%3Fx%23y%252F"),
        ("clientId", "400000001", "/v4/clients/400000001"),
    ],
)
def test_the_whole_identifier_is_encoded_into_the_path(destination, network, message, kind, value, path):
    assert destination().deliver([message(kind, value)]) == Accepted()
    assert network.calls == [f"POST {path}"]


@pytest.mark.parametrize("value", [".", "..", "../7", "a/../b", "a\\..\\b", "a/."])
def test_an_identifier_that_would_climb_the_path_is_refused_and_never_sent(
    destination, network, message, value
):
    told = destination().deliver([message("customId", value)])
    assert isinstance(told, Refused)
    assert value not in told.reason.split()
    assert network.requests == []
    assert isinstance(destination().read_back(message("customId", value)), Refused)
    assert network.requests == []


def test_an_identifier_may_hold_dots_that_do_not_climb(destination, network, message):
    for value in ("...", "a.b", ".hidden", "a/.b"):
        assert destination().deliver([message("customId", value)]) == Accepted()


@pytest.mark.parametrize(("choice", "on"), [("opt-out", False), ("opt-in", True)])
def test_the_native_agreement_is_written_and_nothing_else(destination, network, message, choice, on):
    destination().deliver([message(choice=choice)])
    assert network.bodies == [{"agreements": {"email": on}}]


@pytest.mark.parametrize(("choice", "value"), [("opt-out", "disabled"), ("opt-in", "enabled")])
def test_where_emails_are_not_unique_the_attribute_is_written(destination, network, message, choice, value):
    told = destination(synerise_emails="non-unique", synerise_attribute="mail_ok").deliver(
        [message("customId", "C-1042", choice=choice)]
    )
    assert told == Accepted()
    assert network.calls == ["POST /v4/clients/by-customid/C-1042"]
    assert network.bodies == [{"attributes": {"mail_ok": value}}]


@pytest.mark.parametrize("tell", ["profile", "event", "incoming"])
def test_where_emails_are_not_unique_an_email_is_refused_with_what_to_do(destination, network, message, tell):
    told = destination(
        synerise_emails="non-unique", synerise_attribute="mail_ok", synerise_tell=tell
    ).deliver([message()])
    assert isinstance(told, Refused)
    assert "customId or clientId" in told.reason
    assert network.requests == []


def test_non_unique_emails_without_an_attribute_fail_at_the_start(destination):
    with pytest.raises(ValueError, match="RESIGN_SYNERISE_ATTRIBUTE"):
        destination(synerise_emails="non-unique")


def test_an_agreement_that_the_settings_do_not_name_is_refused_with_a_remedy(destination, network, message):
    told = destination().deliver([message(agreement="alcohol-ads")])
    assert isinstance(told, Refused)
    assert "put it back into the settings" in told.reason
    assert "alcohol" not in told.reason
    assert network.requests == []


def test_every_call_carries_synerises_headers(destination, network, message):
    destination().deliver([message()])
    for request in network.requests:
        assert request.headers["api-version"] == "4.4"
        assert request.headers["accept"] == "application/json"
        assert request.headers["content-type"] == "application/json"
        assert request.headers["accept-encoding"] == "identity"
    assert network.requests[-1].headers["authorization"] == "Bearer first"


def test_an_unknown_address_is_tried_in_small_letters_before_nobody_has_it(destination, network, message):
    network.answer("/v4/clients/by-email/Anna@Example.com", httpx.Response(404))
    assert destination().deliver([message(value="Anna@Example.com")]) == Accepted()
    assert network.calls == [
        "POST /v4/clients/by-email/Anna%40Example.com",
        "POST /v4/clients/by-email/anna%40example.com",
    ]


def test_an_address_unknown_in_both_spellings_is_no_such_profile(destination, network, message):
    network.answer("*", httpx.Response(404))
    assert isinstance(destination().deliver([message(value="Anna@Example.com")]), NoSuchProfile)
    assert len(network.calls) == 2


def test_only_an_unknown_address_is_tried_again(destination, network, message):
    network.answer("*", httpx.Response(404))
    destination().deliver([message(value="anna@example.com")])
    destination().deliver([message("customId", "ABC")])
    assert len(network.calls) == 2
    network.answer("*", httpx.Response(400))
    destination().deliver([message(value="Anna@Example.com")])
    assert len(network.calls) == 3


def test_several_client_ids_travel_as_one_batch_that_can_create_nobody(destination, network, message):
    told = destination().deliver([message("clientId", "7"), message("clientId", "8", choice="opt-in")])
    assert told == Accepted()
    assert network.calls == ["POST /v4/clients/batch"]
    assert network.bodies == [
        [{"clientId": 7, "agreements": {"email": False}}, {"clientId": 8, "agreements": {"email": True}}]
    ]


def test_a_batch_of_anybody_else_is_never_sent(destination, network, message):
    told = destination().deliver([message("clientId", "7"), message()])
    assert isinstance(told, SendAlone)
    assert network.requests == []
