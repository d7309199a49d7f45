"""Agreements of a workspace's own against the pretend Synerise: written as attributes, read back, in a lane of their own."""

from dataclasses import replace

import pytest

from resign.outbox.contract import Accepted, Confirmed, Differs, Misconfigured, NoSuchProfile, Refused
from resign.settings.offered import CustomAgreement
from resign.synerise import AttributesDestination
from tests.synerise.test_end_to_end import EMAIL, WAYS, sandbox

__all__ = ["sandbox"]

OWN = (
    CustomAgreement("wine", "agreeToAlcoholAds", on=True, off=False, title={"en": "Wine"}, help={}),
    CustomAgreement("post", "letters", on="enabled", off="disabled", title={"en": "Post"}, help={}),
    CustomAgreement("calls", "calls", on=1, off=0, title={"en": "Calls"}, help={}),
)


@pytest.fixture
def own(workspace, clock, network):
    """The lane of own agreements, on the faked network or against a sandbox."""
    made = []

    def of(agreements=OWN, transport=network.transport, **settings):
        changed = replace(workspace(**settings), agreements=agreements)
        made.append(AttributesDestination(changed, clock, connections=4, timeout=5.0, transport=transport))
        return made[-1]

    yield of
    for one in made:
        one.close()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("choice", ["opt-out", "opt-in"])
def test_it_is_written_and_confirmed_whatever_the_way_of_telling(own, sandbox, message, way, choice):
    here = sandbox()
    lane = own(transport=None, **here.as_settings(synerise_tell=way))
    for custom in OWN:
        told = message(value=EMAIL, agreement=custom.name, choice=choice)
        assert lane.deliver([told]) == Accepted()
        value = custom.off if choice == "opt-out" else custom.on
        assert here.holds()["attributes"][custom.attribute] == value
        assert isinstance(lane.read_back(told), Confirmed)
    assert here.holds()["agreements"]["email"] is True
    assert {event["action"] for event in here.look("events")["events"]} == {"profile.updated"}


def test_where_emails_are_not_unique_it_goes_by_the_other_identifiers(own, sandbox, message):
    here = sandbox(emails="non-unique")
    lane = own(transport=None, **here.as_settings())
    assert lane.deliver([message("customId", "C/1042", agreement="wine")]) == Accepted()
    assert here.holds()["attributes"]["agreeToAlcoholAds"] is False
    assert isinstance(lane.deliver([message(value=EMAIL, agreement="wine")]), Refused)


def test_nobody_is_created_by_it(own, sandbox, message):
    here = sandbox()
    lane = own(transport=None, **here.as_settings())
    assert isinstance(lane.deliver([message(value="nobody@example.com", agreement="wine")]), NoSuchProfile)
    assert len(here.profiles) == 1


def test_what_the_profile_says_otherwise_is_no_confirmation(own, sandbox, message):
    here = sandbox()
    lane = own(transport=None, **here.as_settings())
    assert lane.read_back(message(value=EMAIL, agreement="wine")) == Differs(
        "the profile does not say either"
    )
    lane.deliver([message(value=EMAIL, agreement="wine", choice="opt-in")])
    here.holds()
    assert lane.read_back(message(value=EMAIL, agreement="wine")) == Differs("the profile says opt-in")


@pytest.mark.parametrize(
    ("custom", "shown", "found"),
    [
        (OWN[0], True, "opt-in"), (OWN[0], "true", "opt-in"), (OWN[0], "False", "opt-out"), (OWN[0], 1, None),
        (OWN[0], None, None), (OWN[0], [], None), (OWN[0], {}, None), (OWN[0], "yes", None), (OWN[0], 0.0, None),
        (OWN[1], "enabled", "opt-in"), (OWN[1], "DISABLED", "opt-out"), (OWN[1], "confirmation", None),
        (OWN[2], 1, "opt-in"), (OWN[2], "0", "opt-out"), (OWN[2], True, None),
    ],
)  # fmt: skip
def test_a_value_is_read_in_every_spelling_and_a_strange_one_in_none(custom, shown, found):
    from resign.synerise.agreement import AttributeAgreement  # noqa: PLC0415

    assert AttributeAgreement(custom).found({"attributes": {custom.attribute: shown}}) == found
    assert AttributeAgreement(custom).found({"attributes": shown}) is None


def test_each_lane_hears_of_its_own(own, destination):
    newsletter, lane = destination(), own()
    assert [newsletter.name, lane.name] == ["synerise", "synerise-attributes"]
    assert [newsletter.hears_of(name) for name in ("newsletter", "wine", "gone")] == [True, False, False]
    assert [lane.hears_of(name) for name in ("newsletter", "wine", "gone")] == [False, True, True]


@pytest.mark.parametrize("agreements", [OWN, ()])
def test_an_agreement_that_is_gone_is_refused_with_what_to_do(own, network, message, agreements):
    told = own(agreements).deliver([message(agreement="gone")])
    assert isinstance(told, Refused)
    assert "put it back into the settings and retry" in told.reason
    assert isinstance(own(agreements).read_back(message(agreement="gone")), Refused)
    assert network.requests == []


def test_it_never_touches_the_newsletter(own, network, message):
    assert isinstance(own().deliver([message()]), Refused)
    assert network.requests == []


def test_one_that_is_refused_spoils_nobodys_parcel(own, message):
    messages = [
        message("clientId", "7", agreement="wine"),
        message("clientId", "8", agreement="gone"),
        message("clientId", "9", agreement="post"),
    ]
    assert sorted(len(parcel) for parcel in own().parcels(messages)) == [1, 2]


def test_a_key_without_the_right_is_misconfigured(own, network, message):
    import httpx  # noqa: PLC0415

    network.answer("POST *", httpx.Response(403))
    network.answer("*", httpx.Response(403))
    assert isinstance(own().deliver([message(agreement="wine")]), Misconfigured)
