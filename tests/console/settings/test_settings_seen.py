"""Operators see what is set and which keys there are, of their workspaces alone, and no secret."""

import re
from html import unescape

import pytest

from resign.console.settings import sentences
from resign.settings import SETTINGS, load
from tests.support.variables import VARIABLES

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CANARY = "canary-0123456789abcdef"


@pytest.fixture
def settings(tmp_path):
    """Every secret that there is holds the canary."""
    secrets = {
        "RESIGN_KEYS": f"old:{CANARY}-1,new:{CANARY}-2",
        "RESIGN_DIGEST_KEY": CANARY,
        "RESIGN_METRICS_TOKEN": CANARY,
        "RESIGN_SYNERISE_API_KEY": CANARY,
        "RESIGN_SYNERISE_WEBHOOK_TOKEN": CANARY,
        "RESIGN_TEMPLATE_KEYS": f"{CANARY}-3:{CANARY}-4",
    }
    return load({**VARIABLES, **secrets, "RESIGN_PAUSES": "1,3", "RESIGN_DATA_DIR": str(tmp_path)})


def test_what_is_set_is_seen_and_no_secret(mia):
    page = unescape(mia.opens("/console/settings").text)
    for row in SETTINGS:
        assert f"<code>{row.variable}</code>" in page
    assert "canary" not in page
    assert re.search(r"RESIGN_PAUSES</code></dt>\s*<dd>\s*<p class=\"strong\">1, 3</p>", page)
    assert re.search(r"RESIGN_DIGEST_KEY</code></dt>\s*<dd>\s*<p class=\"strong\">set; a secret</p>", page)
    assert re.search(r"RESIGN_PUBLIC_URL</code></dt>\s*<dd>\s*<p>nothing</p>", page)
    assert "127.0.0.1:8020" in page


def test_the_newest_key_signs_and_stands_first(mia):
    page = unescape(mia.opens("/console/settings").text)
    assert re.findall(r"<li><code>(\w+)</code> (\w+)", page)[:2] == [("new", "signs"), ("old", "opens")]


def test_an_operator_of_nothing_here_sees_nothing(employ):
    assert employ("noah", "support@default").opens("/console/settings").status_code == 403


def test_what_a_setting_means_is_said_in_the_reader_s_language(mia):
    assert tuple(dict.fromkeys(row.meaning for row in SETTINGS)) == sentences.SENTENCES
    assert "klucz API obszaru roboczego" in unescape(mia.opens("/console/settings?l=pl").text)
