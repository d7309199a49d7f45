"""`resign staff`: accounts are set up at the shell, and whoever did it is noted."""

import getpass
import re
from functools import partial

import pytest

from resign.clock import SystemClock
from resign.db import Database
from resign.staff import accounts, sessions
from resign.staff.sign_in import Passed, check_password

PASSWORD = "three herons on a roof"


@pytest.fixture
def staff(run_here):
    """Runs `resign staff …`."""
    return partial(run_here, "staff")


def can_sign_in(settings, clock, name: str, password: str) -> bool:
    database = Database(settings.database_url, connections=1)
    with database.writing() as session:
        answer = check_password(session, name, password, clock.now())
    database.close()
    return isinstance(answer, Passed)


def test_an_account_is_added_with_its_roles_and_a_password_from_a_pipe(staff, settings, clock):
    added = staff("add", "Mia", "--role", "support", "--workspace", "default", typed=f"{PASSWORD}\n")
    assert (added.returncode, added.stdout, added.stderr) == (0, "mia can sign in.\n", "")
    assert can_sign_in(settings, clock, "mia", PASSWORD)
    listed = staff("list").stdout
    assert re.search(r"mia .* yes .* no .* support@default", listed)


def test_a_generated_password_is_printed_once_and_is_the_one(staff, settings, clock):
    added = staff("add", "ada", "--role", "admin", "--generate")
    shown = re.search(r"^Password: (\S+)$", added.stdout, re.MULTILINE)[1]
    assert re.fullmatch(r"(?:[a-z2-9]{5}-){3}[a-z2-9]{5}", shown)
    assert can_sign_in(settings, clock, "ada", shown)
    again = staff("password", "ada", "--generate").stdout
    assert not can_sign_in(settings, clock, "ada", shown)
    assert can_sign_in(settings, clock, "ada", re.search(r"Password: (\S+)", again)[1])


def test_what_is_refused_is_said_and_nothing_is_added(staff):
    for name, typed in (("mia", "short\n"), ("mia", ""), ("mi\na", f"{PASSWORD}\n")):
        finished = staff("add", name, typed=typed)
        assert (finished.returncode, finished.stdout) == (1, "")
        assert finished.stderr.endswith(".\n")
    assert staff("add", "mia", "--role", "support", "--workspace", "shop", typed=PASSWORD).returncode == 2
    assert staff("list").stdout == "There is no account yet: resign staff add NAME --role admin\n"


def test_roles_are_given_and_taken_and_an_admin_stays(staff):
    staff("add", "ada", "--role", "admin", "--generate")
    assert staff("grant", "ada", "--role", "support").stdout == "ada was given: support@*\n"
    assert staff("grant", "ada", "--role", "support").stdout == "ada had that already.\n"
    assert staff("revoke", "ada", "--role", "support").stdout == "ada has no longer: support@*\n"
    for last in (("revoke", "ada", "--role", "admin"), ("disable", "ada")):
        refused = staff(*last)
        assert refused.returncode == 1
        assert "the last active admin" in refused.stderr
        assert "--force" in refused.stderr
    assert staff("disable", "ada", "--force").stdout == "ada cannot sign in any more.\n"
    assert staff("enable", "ada").stdout == "ada can sign in again.\n"
    assert staff("revoke", "ada", "--role", "admin", "--force").returncode == 0


def test_sessions_are_shown_and_ended(staff, settings):
    staff("add", "mia", "--generate")
    assert staff("sessions", "mia").stdout == "mia is signed in nowhere.\n"
    database = Database(settings.database_url, connections=1)
    with database.writing() as session:
        mia = accounts.account_named(session, "mia")
        now = SystemClock().now()
        token = sessions.open_session(session, mia.id, now, agent="Firefox/140 (X11; Linux)", level="full")
        session.commit()
    assert "Firefox on Linux" in staff("sessions", "mia").stdout
    assert staff("sessions", "mia", "--end").stdout == "mia was signed out everywhere.\n"
    with database.reading() as session:
        assert sessions.session_of(session, token, now) is None
    database.close()


@pytest.mark.parametrize(
    "command",
    [
        ("grant", "--role", "support"),
        ("revoke", "--role", "support"),
        ("password", "--generate"),
        ("disable",),
        ("enable",),
        ("reset-second-factor",),
        ("sessions",),
    ],
)
def test_nobody_of_that_name_is_said(staff, command):
    finished = staff(command[0], "nobody", *command[1:])
    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr == "There is no account of this name; see resign staff list\n"


def test_every_deed_has_the_name_of_whoever_was_at_the_shell(staff):
    staff("add", "mia", "--role", "support", "--generate")
    staff("reset-second-factor", "mia")
    rows = [line for line in staff("deeds").stdout.splitlines() if f"{getpass.getuser()} (shell)" in line]
    assert [re.search(r"(added-staff|granted-role|reset-second-factor)", row)[1] for row in rows] == [
        "reset-second-factor",
        "granted-role",
        "added-staff",
    ]
    assert "mia" in staff("deeds", "--action", "added-staff").stdout
    assert staff("deeds", "--staff", "nobody").stdout == "Nothing was noted.\n"
