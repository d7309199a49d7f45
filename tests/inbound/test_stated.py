"""What a body says of one agreement, whatever the event is called; and the bodies that the shops' plugins cause."""

import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from resign.inbound.body import FORM, BadBody, fields_of, notice_of
from resign.inbound.stated import PRESETS
from resign.settings import load
from tests.support.variables import VARIABLES

OWN = """
[wine]
attribute = "agreeToWine"
title = { en = "Wine" }
[spirits]
attribute = "spirits"
on = "Y"
off = "N"
title = { en = "Spirits" }
"""
WORKSPACE = load({**VARIABLES, "RESIGN_AGREEMENTS": OWN}).workspaces["default"]
WHO = {"email": "anna@example.com", "time": "2026-05-04T10:11:12Z"}


def read(content_type=FORM, **fields):
    body = {**WHO, **fields}
    raw = urlencode(body) if content_type == FORM else json.dumps(body)
    return notice_of(fields_of(raw.encode(), content_type), WORKSPACE)


@pytest.mark.parametrize(
    ("fields", "agreement", "subject"),
    [
        # Custom agreements, by what the profile holds of the attribute.
        ({"agreement": "wine", "value": "true"}, "wine", "on"),
        ({"agreement": "wine", "value": "False"}, "wine", "off"),
        ({"agreement": "spirits", "value": "N"}, "spirits", "off"),
        ({"agreement": "spirits", "value": "y"}, "spirits", "on"),
        # Neither yes nor no, or an attribute that is not there: nothing was said.
        ({"agreement": "spirits", "value": "true"}, "spirits", None),
        ({"agreement": "wine", "value": ""}, "wine", None),
        ({"agreement": "wine", "value": "confirmation"}, "wine", None),
        # In our own words, from a landing page whose event has a name of its own.
        ({"agreement": "newsletter", "choice": "opt-out", "action": "page.goodbye"}, "newsletter", "off"),
        ({"agreement": "wine", "choice": "opt-in"}, "wine", "on"),
        # Synerise's own agreement as plugins write it.
        ({"preset": "magento", "value": "0"}, "newsletter", "off"),
        ({"preset": "magento", "value": "1"}, "newsletter", "on"),
        ({"preset": "woocommerce", "value": "disabled"}, "newsletter", "off"),
        ({"preset": "woocommerce", "value": "confirmation"}, "newsletter", None),
        # Without any of it the event's name says what happened.
        ({"action": "newsletter.unsubscribe"}, "newsletter", "off"),
        ({"action": "profile.updated"}, "newsletter", "profile"),
    ],
)
def test_what_is_said_of_which_agreement(fields, agreement, subject):
    notice = read(**{"action": "profile.updated", **fields})
    assert (notice.agreement, notice.subject) == (agreement, subject)


@pytest.mark.parametrize(("value", "subject"), [(True, "on"), (False, "off"), (0, None), (None, None)])
def test_in_json_a_value_may_be_more_than_text(value, subject):
    assert (
        read("application/json", action="profile.updated", agreement="wine", value=value).subject == subject
    )


@pytest.mark.parametrize("fields", [{"agreement": "beer"}, {"preset": "shopify"}, {"agreement": 7}])
def test_an_agreement_that_nobody_declared_is_refused(fields):
    with pytest.raises(BadBody, match="no such agreement"):
        read("application/json", action="profile.updated", value="false", **fields)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_plugin_is_named_as_the_way_it_came(preset):
    assert read(action="profile.updated", preset=preset, value="0").way == preset


def test_broken_json_still_opts_out_and_never_in():
    broken = (
        '{"action":"profile.updated","email":"anna@example.com","agreement":"wine","value":"%s","x":"a"b"}'
    )
    off, on = (
        notice_of(fields_of((broken % value).encode(), "application/json"), WORKSPACE)
        for value in ("false", "true")
    )
    assert (off.subject, off.agreement) == ("off", "wine")
    assert on.subject is None


def test_where_emails_are_not_unique_a_plugin_is_heard_by_the_custom_id():
    workspace = replace(WORKSPACE, synerise_emails="non-unique")
    body = {
        "action": "profile.updated",
        "preset": "magento",
        "value": "0",
        "email": "a@example.com",
        "customId": "C-1",
    }
    notice = notice_of(fields_of(urlencode(body).encode(), FORM), workspace)
    assert [profile.kind for profile in notice.profiles] == ["customId"]
