"""`resign demo --check`: from the mail to the confirmed profile, in each way of telling Synerise."""

import json
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


def test_the_console_is_one_of_the_demos_processes_on_this_machine_only(tmp_path):
    system = prepare(tmp_path, {}, ports=(0, 0), console=0)
    [console] = [child for child in system.children if child.name == "console"]
    bind = console.command[-1]
    assert bind.startswith("127.0.0.1:")
    assert system.console_url == f"http://{bind}/console/themes"
    with Family([console]):
        until = time.monotonic() + 30
        while not answers(system.console_url):
            assert time.monotonic() < until
            time.sleep(0.1)
        assert "Fjord &amp; Fern" in httpx.get(system.console_url, trust_env=False).text


def answers(url):
    try:
        return httpx.get(url, trust_env=False).is_success
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
