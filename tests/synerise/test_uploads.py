"""What another system uploads: many travel in one batch, and nobody is created who must not be."""

from itertools import count

import httpx
import pytest

from resign.outbox.contract import Accepted, NoSuchProfile, Refused
from resign.synerise.uploads import may_create

BATCH = "/v4/clients/batch"
_numbers = count()


@pytest.fixture
def uploaded(message):
    """An opt-in that an import brought, with what speaks for it."""

    def of(value=None, kind="email", **changes):
        wanted = {"choice": "opt-in", "method": "import", "evidence": "signed at the fair", **changes}
        return message(kind, value or f"u{next(_numbers)}@example.com", **wanted)

    return of


@pytest.mark.parametrize(
    ("changes", "opt_ins", "everybody"),
    [
        ({}, True, True),
        ({"method": "api"}, True, True),
        ({"evidence": None}, False, True),
        ({"choice": "opt-out"}, False, True),
        ({"choice": "opt-out", "evidence": None}, False, True),
        ({"method": "page"}, False, False),
        ({"method": "preferences"}, False, False),
        ({"method": "staff"}, False, False),
        ({"kind": "clientId", "value": "7"}, False, False),
        ({"kind": "customId", "value": "C-7"}, True, True),
    ],
)
def test_only_an_upload_creates_and_an_opt_out_only_where_the_workspace_says_so(
    uploaded, changes, opt_ins, everybody
):
    one = uploaded(**changes)
    assert may_create(one, "opt-ins") is opt_ins
    assert may_create(one, "all") is everybody
    assert may_create(one, "nobody") is False


def test_uploads_that_may_create_travel_together_and_presses_apart_from_them(destination, uploaded, message):
    a, b, c, no_evidence, out = (
        uploaded("a@example.com"), uploaded("b@example.com"), uploaded("C-1", "customId"),
        uploaded("d@example.com", evidence=None), uploaded("e@example.com", choice="opt-out"),
    )  # fmt: skip
    press, seven, eight = message(), message("clientId", "7"), message("clientId", "8")
    parcels = destination().parcels([press, a, seven, b, c, no_evidence, eight, out])
    assert sorted(parcels, key=len) == [[press], [no_evidence], [out], [seven, eight], [a, b, c]]


def test_where_all_may_be_created_opt_outs_travel_too_and_where_nobody_may_none_does(destination, uploaded):
    several = [uploaded(), uploaded(choice="opt-out"), uploaded(evidence=None)]
    assert destination(synerise_creates="all").parcels(several) == [several]
    assert destination(synerise_creates="nobody").parcels(several) == [[each] for each in several]


def test_the_batch_holds_each_agreement_where_it_belongs(destination, network, uploaded):
    target = destination()
    target.deliver([uploaded("a@example.com"), uploaded("C-1", "customId", method="api")])
    assert network.bodies == [
        [{"email": "a@example.com", "agreements": {"email": True}}, {"customId": "C-1", "agreements": {"email": True}}]
    ]  # fmt: skip


def test_where_emails_are_not_unique_the_attribute_travels_with_the_custom_id(destination, network, uploaded):
    target = destination(synerise_emails="non-unique", synerise_attribute="mail_ok")
    parcels = target.parcels([uploaded("C-1", "customId"), uploaded("C-2", "customId"), uploaded()])
    assert [len(parcel) for parcel in parcels] == [2, 1]
    assert target.deliver(parcels[0]) == Accepted()
    assert isinstance(target.deliver(parcels[1]), Refused)
    assert network.bodies == [
        [{"customId": name, "attributes": {"mail_ok": "enabled"}} for name in ("C-1", "C-2")]
    ]


def test_nobody_is_twice_in_one_batch(destination, uploaded):
    first, again, other = uploaded("a@example.com"), uploaded("a@example.com", method="api"), uploaded()
    parcels = destination().parcels([first, again, other])
    assert parcels == [[first, other], [again]]


def test_a_thousand_are_one_batch(destination, uploaded):
    parcels = destination().parcels([uploaded() for _ in range(2_001)])
    assert [len(parcel) for parcel in parcels] == [1_000, 1_000, 1]


def test_an_address_with_capitals_is_looked_for_before_it_is_created(destination, network, uploaded):
    target = destination()
    capitals = uploaded("Anna@example.com")
    assert target.parcels([capitals, uploaded(), uploaded()])[0] == [capitals]
    network.answer("/v4/clients/by-email/Anna@example.com", httpx.Response(404))
    assert target.deliver([capitals]) == Accepted()
    assert network.calls == [
        "POST /v4/clients/by-email/Anna%40example.com",
        "POST /v4/clients/by-email/anna%40example.com",
    ]


def unknown(network):
    network.answer("*", httpx.Response(404))


def test_who_goes_alone_is_created_only_after_no_update_found_them(destination, network, uploaded):
    unknown(network)
    network.answer(BATCH, httpx.Response(202))
    assert destination().deliver([uploaded("a@example.com", alone=True)]) == Accepted()
    assert network.calls == ["POST /v4/clients/by-email/a%40example.com", f"POST {BATCH}"]


@pytest.mark.parametrize("changes", [{"choice": "opt-out"}, {"evidence": None}, {"method": "page"}])
def test_who_must_not_be_created_stays_unknown(destination, network, uploaded, changes):
    unknown(network)
    assert isinstance(destination().deliver([uploaded(**changes)]), NoSuchProfile)
    assert network.to(BATCH) == []


@pytest.mark.parametrize("status", [403, 404])
def test_a_key_that_may_not_create_keeps_the_upload_and_holds_no_lane(destination, network, uploaded, status):
    unknown(network)
    network.answer(BATCH, httpx.Response(status))
    told = destination().deliver([uploaded()])
    assert isinstance(told, NoSuchProfile)
    assert ("API_BATCH_CLIENT_CREATE" in told.reason) is (status == 403)


def test_a_creation_that_is_refused_is_a_dead_letter_and_not_asked_for_for_ever(
    destination, network, uploaded
):
    unknown(network)
    network.answer(BATCH, httpx.Response(207, json=[{"field": "email"}]))
    assert isinstance(destination().deliver([uploaded()]), Refused)


def test_a_refused_batch_creates_nobody_who_comes_by_another_way(destination, network, message):
    """A parcel that was not made by `parcels` is not trusted."""
    told = destination().deliver([message("email", "a@example.com"), message("email", "b@example.com")])
    assert type(told).__name__ == "SendAlone"
    assert network.calls == []
