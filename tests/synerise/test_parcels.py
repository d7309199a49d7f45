"""What may travel together."""

import json

import httpx

from resign.synerise.uploads import MOST_BYTES


def values(parcels):
    return sorted(sorted(message.profile.value for message in parcel) for parcel in parcels)


def test_only_client_ids_travel_together(destination, message):
    told = [
        message("clientId", "1"),
        message(),
        message("customId", "C-1"),
        message("clientId", "2"),
        message("clientId", "3", alone=True),
    ]
    assert values(destination().parcels(told)) == [["1", "2"], ["3"], ["C-1"], ["anna+news@example.com"]]


def test_a_thousand_are_one_batch_and_the_next_begins_another(destination, message):
    parcels = destination().parcels([message("clientId", str(number)) for number in range(1001)])
    assert sorted(map(len, parcels)) == [1, 1000]


def test_one_waiting_client_id_goes_by_its_own_path(destination, network, message):
    target = destination()
    for parcel in target.parcels([message("clientId", "7")]):
        target.deliver(parcel)
    assert network.calls == ["POST /v4/clients/7"]


def test_a_batch_stays_below_a_megabyte(destination, network, message):
    target = destination(synerise_emails="non-unique", synerise_attribute="ż" * 255)
    parcels = target.parcels([message("clientId", str(10**15 + number)) for number in range(1000)])
    for parcel in parcels:
        target.deliver(parcel)
    sizes = [len(request.content) for request in network.to("/v4/clients/batch")]
    assert len(sizes) == 2
    assert max(sizes) <= MOST_BYTES
    assert max(sizes) > MOST_BYTES - 3000
    assert sum(len(body) for body in network.bodies) == 1000
    assert json.loads(network.requests[-1].content)[0]["attributes"] == {"ż" * 255: "disabled"}


def test_a_profile_is_in_a_batch_once(destination, message):
    told = [message("clientId", "7"), message("clientId", "8"), message("clientId", "7", choice="opt-in")]
    assert values(destination().parcels(told)) == [["7"], ["7", "8"]]


def test_what_will_be_refused_spoils_no_batch(destination, message):
    told = [message("clientId", "7"), message("clientId", "8", agreement="other"), message("clientId", "9")]
    assert values(destination().parcels(told)) == [["7", "9"], ["8"]]


def test_events_and_incoming_integrations_go_one_by_one(destination, message):
    told = [message("clientId", str(number)) for number in range(3)]
    for tell in ("event", "incoming"):
        assert values(destination(synerise_tell=tell).parcels(told)) == [["0"], ["1"], ["2"]]


def test_nothing_makes_no_parcel(destination):
    assert destination().parcels([]) == []


def test_one_bad_profile_in_a_batch_does_not_hold_up_the_others(destination, network, message):
    def by_path(request):
        return httpx.Response(400 if request.url.path.endswith("/8") else 202)

    network.answer("*", by_path)
    network.answer("/v4/clients/batch", httpx.Response(207, json=[{"field": "email"}]))
    target = destination()
    told = [message("clientId", number) for number in "789"]
    outcomes = [type(target.deliver(parcel)).__name__ for parcel in target.parcels(told)]
    again = [message("clientId", number, alone=True) for number in "789"]
    outcomes += [type(target.deliver(parcel)).__name__ for parcel in target.parcels(again)]
    assert outcomes == ["SendAlone", "Accepted", "Refused", "Accepted"]
