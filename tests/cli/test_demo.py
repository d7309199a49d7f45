"""`resign demo --check`: from the mail to the confirmed profile, in each way of telling Synerise."""

import json

import pytest

WAYS = {
    "profile": {},
    "event": {"RESIGN_SYNERISE_TELL": "event"},
    "incoming": {"RESIGN_SYNERISE_TELL": "incoming"},
    "non-unique": {"RESIGN_SYNERISE_EMAILS": "non-unique"},
}


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
