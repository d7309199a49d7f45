"""The page for whoever runs resign names every metric that there is, and none that there is not."""

import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import Client

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PAGE = (Path(__file__).parents[2] / "docs" / "run.md").read_text(encoding="utf-8")


def metrics(application) -> dict[str, str]:
    """The names of ours, as an alarm would write them, and their kinds."""
    shown = Client(application).get("/metrics").text
    return {
        f"{family.name}_total" if family.type == "counter" else family.name: family.type
        for family in text_string_to_metric_families(shown)
        if family.name.startswith("resign_")
    }


def test_every_metric_is_in_the_page_for_those_who_run_it(application):
    named = metrics(application)
    assert len(named) >= 10
    assert not [name for name in named if not re.search(rf"\b{name}\b", PAGE)]


def test_no_alarm_waits_for_a_metric_that_is_not_there(application):
    named = metrics(application)
    known = {*named, *(f"{name}_{part}" for name in named for part in ("bucket", "count", "sum"))}
    assert not set(re.findall(r"\bresign_[a-z_]+\b", PAGE)) - known - {"resign_owed"}
