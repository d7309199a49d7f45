"""The attribute that starts Synerise's sign-up workflow, against the pretend one: written once, and never read as a consent."""

import re
import time

import pytest

from resign.ledger.requested import REQUESTED
from resign.outbox.contract import Accepted, NoSuchProfile, Refused
from resign.synerise import AttributesDestination, SignUpDestination, SyneriseDestination
from tests.synerise.test_end_to_end import EMAIL, WAYS, sandbox

__all__ = ["sandbox"]

ATTRIBUTE = "newsletter_agreement_enabled"


@pytest.fixture
def lane(workspace, clock, network):
    made = []

    def of(transport=network.transport, **settings):
        made.append(
            SignUpDestination(workspace(**settings), clock, connections=4, timeout=5.0, transport=transport)
        )
        return made[-1]

    yield of
    for one in made:
        one.close()


@pytest.fixture
def request_of(message):
    def of(kind="email", value=EMAIL, **more):
        return message(kind, value, agreement=REQUESTED, **{"choice": "opt-in", "method": "api", **more})

    return of


@pytest.mark.parametrize("way", WAYS)
def test_the_attribute_is_set_and_the_agreement_is_not(lane, sandbox, request_of, way):
    here = sandbox()
    here.do("profiles", [{"email": EMAIL, "agreements": {"email": False}}])
    assert lane(transport=None, **here.as_settings(synerise_tell=way)).deliver([request_of()]) == Accepted()
    profile = here.holds()
    assert (profile["attributes"][ATTRIBUTE], profile["agreement"]) == ("enabled", "disabled")


def test_its_name_is_the_settings(lane, sandbox, request_of):
    here = sandbox()
    one = lane(transport=None, **here.as_settings(synerise_sign_up_attribute="wants_letters"))
    assert one.deliver([request_of()]) == Accepted()
    assert here.holds()["attributes"] == {"wants_letters": "enabled"}


def test_it_is_not_read_back_because_telling_it_anew_would_mail_somebody_twice(lane):
    one = lane()
    assert (one.confirms, one.name, one.system) == (False, "synerise-sign-up", "synerise")
    assert one.gives_up_after is not None


def test_a_retry_of_what_was_taken_sends_no_second_mail(lane, sandbox, request_of):
    here = sandbox()
    one = lane(transport=None, **here.as_settings())
    for _ in range(2):
        assert one.deliver([request_of()]) == Accepted()
        here.holds()
    here.holds()
    [mail] = here.look("mailbox")["mails"]
    assert (mail["campaign"], mail["to"]) == ("sign-up", EMAIL)
    assert re.search(r"http://127\.0\.0\.1:\d+/sandbox/sign-up/\S+", mail["text"])


@pytest.mark.parametrize(
    ("creates", "evidence", "made"),
    [("opt-ins", "form 7", True), ("opt-ins", None, False), ("nobody", "form 7", False), ("all", None, True)],
)
def test_it_creates_whom_an_evidenced_opt_in_may(lane, sandbox, request_of, creates, evidence, made):
    here = sandbox()
    one = lane(transport=None, **here.as_settings(synerise_creates=creates))
    answer = one.deliver([request_of(value="new@example.com", evidence=evidence)])
    assert isinstance(answer, Accepted if made else NoSuchProfile)
    time.sleep(0.1)
    assert ("new@example.com" in [each["email"] for each in here.profiles]) is made


def test_that_it_was_withdrawn_is_told_to_nobody(lane, network, request_of):
    one = lane()
    withdrawn = request_of(choice="opt-out")
    assert one.parcels([withdrawn, request_of()])[-1] == [withdrawn]
    assert one.deliver([withdrawn]) == Accepted()
    assert network.requests == []


def test_no_other_lane_hears_of_it_and_this_one_of_nothing_else(
    lane, workspace, clock, network, request_of, message
):
    one = lane()
    others = [
        kind(workspace(), clock, connections=1, timeout=5.0, transport=network.transport)
        for kind in (SyneriseDestination, AttributesDestination)
    ]
    assert [each.hears_of(REQUESTED) for each in (one, *others)] == [True, False, False]
    assert not any(one.hears_of(each) for each in ("newsletter", "wine", "all"))
    assert isinstance(one.deliver([message(agreement="newsletter")]), Refused)
    assert [isinstance(each.deliver([request_of()]), Refused) for each in others] == [True, True]
    for each in others:
        each.close()
