"""What was only asked for is posted to nobody who did not name it, and never as a consent."""

import json

from resign.ledger.requested import REQUESTED
from resign.webhooks.payload import payload


def test_it_is_heard_of_only_where_it_is_named(webhook):
    assert not webhook().hears_of(REQUESTED)
    assert not webhook(agreements=("newsletter",)).hears_of(REQUESTED)
    assert webhook(agreements=(REQUESTED,)).hears_of(REQUESTED)


def test_it_is_posted_as_what_it_is(message):
    for choice, kind, shown in (
        ("opt-in", "consent.requested", "request"),
        ("opt-out", "consent.request-withdrawn", "withdrawn"),
    ):
        posted = json.loads(payload(message(agreement=REQUESTED, choice=choice), "default"))
        assert (posted["type"], posted["data"]["agreement"], posted["data"]["choice"]) == (
            kind,
            "newsletter",
            shown,
        )
