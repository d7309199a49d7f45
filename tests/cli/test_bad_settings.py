"""A command with bad settings says all that is wrong, each with its remedy, and ends with status 2."""

import pytest


def test_every_fault_is_said_at_once_and_no_secret_with_it(resign):
    finished = resign(
        "serve",
        RESIGN_KEYS="canary-secret",
        RESIGN_BIND="8000",
        RESIGN_SENDERS="x",
        RESIGN_SYNERISE_TELL="fax",
    )
    assert finished.returncode == 2
    assert finished.stdout == ""
    assert "canary" not in finished.stderr
    *but_one, keys, tell, bind = finished.stderr.splitlines()
    assert but_one == [
        "resign cannot start:",
        "  * RESIGN_SENDERS: there is no such setting; did you mean RESIGN_SENDER?",
    ]
    assert keys.startswith("  * RESIGN_KEYS: write `id:secret,id:secret` from oldest to newest")
    assert tell == "  * RESIGN_SYNERISE_TELL: give one of: profile, event, incoming (it says 'fax')"
    assert bind == "  * RESIGN_BIND: write it as 127.0.0.1:8000 (it says '8000')"


@pytest.mark.parametrize(
    "command", [["serve"], ["web"], ["worker"], ["db", "upgrade"], ["link", "--custom-id", "C-1"]]
)
def test_every_command_that_reads_them_ends_alike(run_here, command):
    finished = run_here(*command, RESIGN_BIND="8000")
    assert finished.returncode == 2
    assert finished.stderr == (
        "resign cannot start:\n  * RESIGN_BIND: write it as 127.0.0.1:8000 (it says '8000')\n"
    )
