"""`resign demo --check`: from the mail to the confirmed profile, in each way of telling Synerise."""

import json
import re
import time

import httpx
import pytest

from resign.demo.system import prepare
from resign.supervise import Family

WAYS = {
    "profile": {},
    "event": {"RESIGN_SYNERISE_TELL": "event"},
    "incoming": {"RESIGN_SYNERISE_TELL": "incoming"},
    "non-unique": {"RESIGN_SYNERISE_EMAILS": "non-unique"},
}


def test_the_console_is_one_of_the_demos_processes_with_an_account_of_its_own(tmp_path):
    system = prepare(tmp_path, {}, ports=(0, 0), console=0)
    [console] = [child for child in system.children if child.name == "console"]
    assert system.settings.console_bind[0] == "127.0.0.1"
    with Family([console]), httpx.Client(trust_env=False, follow_redirects=True) as browser:
        until = time.monotonic() + 30
        while not answers(system.console.url):
            assert time.monotonic() < until
            time.sleep(0.1)
        page = browser.get(system.console.url)
        mark = re.search(r'name="mark" value="([^"]+)"', page.text)[1]
        typed = {"mark": mark, "name": system.console.name, "password": system.console.password}
        browser.post(page.url.copy_with(query=None), data=typed)
        assert "Fjord &amp; Fern" in browser.get(f"{system.console.url}themes").text


def test_no_two_demos_have_the_same_password(tmp_path):
    found = {prepare(tmp_path / name, {}, ports=(0, 0), console=0).console.password for name in "ab"}
    assert len(found) == 2


def answers(url):
    try:
        return httpx.get(url, trust_env=False).status_code < 500
    except httpx.TransportError:
        return False


def test_what_the_demo_offers_besides_is_a_break_and_an_agreement(tmp_path):
    [workspace] = prepare(tmp_path, {}, ports=(0, 0)).settings.workspaces.values()
    assert workspace.pauses == (1, 3)
    [agreement] = workspace.agreements
    assert agreement.attribute == "agreeToAlcoholAds"
    assert set(agreement.title) == set(agreement.help) == {"en", "pl", "de"}


@pytest.mark.parametrize("way", WAYS)
def test_one_opt_out_goes_from_the_mail_to_the_confirmed_profile(resign, variables, way):
    for name in [name for name in variables if name.startswith("RESIGN_")]:
        del variables[name]  # the demo brings its own
    finished = resign("demo", "--check", timeout=120, **WAYS[way])
    assert finished.returncode == 0, finished.stderr
    steps = [json.loads(line) for line in finished.stdout.splitlines()]
    told = [step["what"] for step in steps if step["what"] not in {"not-yet", "busy", "unreachable"}]
    assert told == ["mailed", "opened", "pressed", "recorded", "accepted", "confirmed", "off"]
    assert steps[-1]["detail"] == "newsletter_agreement = disabled"
    times = [step["at"] for step in steps]
    assert times == sorted(times)
    assert "anna" not in finished.stdout + finished.stderr
