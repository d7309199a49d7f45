"""The box means the workspace's own days, and its examples find something."""

import re
from html import unescape

import pytest

from resign.reports.rollups import Rollups
from resign.settings import load
from tests.support.decisions import DIGEST_KEY
from tests.support.variables import VARIABLES

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SEARCH = "/console/search"


@pytest.fixture
def settings(tmp_path):
    """There it is tomorrow already when the tests' clock begins."""
    return load({**VARIABLES, "RESIGN_DATA_DIR": str(tmp_path), "RESIGN_TIME_ZONE": "Pacific/Kiritimati"})


def found(page) -> int:
    return len(re.findall(r'<p class="who">', page.text))


def test_a_day_is_the_workspace_s_own_in_the_box_and_in_its_export(mia, people):
    people.decides()
    assert found(mia.opens(f"{SEARCH}?q=after:2026-05-05")) == 1
    page = mia.opens(f"{SEARCH}?q=before:2026-05-05")
    assert found(page) == 0
    for text, rows in (("after:2026-05-05", 1), ("before:2026-05-05", 0)):
        answer = mia.presses(page, "/console/exports/search", q=text, format="csv")
        assert len(answer.text.splitlines()) - 1 == rows, text
    assert "in the time zone of each workspace" in mia.opens(SEARCH).text


@pytest.mark.parametrize(
    ("campaign", "example"),
    [
        ("autumn-news", "campaign:autumn-news"),
        ("Wiosna 2026", 'campaign:"Wiosna 2026"'),
        ("anna@example.com", "campaign:spring"),
        ('a"b', "campaign:spring"),
        (None, "campaign:spring"),
    ],
)
def test_the_example_of_a_campaign_is_one_that_is_there(
    mia, people, database, clock, desk, campaign, example
):
    people.decides(campaign=campaign)
    zones = {name: workspace.time_zone for name, workspace in desk.workspaces.items()}
    while Rollups(database, zones, {"default": DIGEST_KEY}, clock).step():
        pass
    people.is_told()
    examples = mia.opens(SEARCH).text
    [(address, text)] = re.findall(r'<a href="([^"]+)"><code>(campaign:[^<]*)</code>', examples)
    assert unescape(text) == example
    if example != "campaign:spring":
        assert found(mia.opens(unescape(address))) == 1
