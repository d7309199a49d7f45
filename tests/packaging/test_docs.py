"""The documentation tells the truth: its commands run, its settings and commands exist, its links lead somewhere."""

import re

import click
import pytest
from prometheus_client import REGISTRY

from resign.cli import commands
from resign.settings import SETTINGS, load
from resign.telemetry import metrics
from tests.packaging import pages
from tests.packaging.dockerfile import ROOT
from tests.packaging.pages import PAGES
from tests.support.variables import VARIABLES

VARIABLE_NAMES = {row.variable for row in SETTINGS} | {"RESIGN_CONFIG", "RESIGN_WORKSPACE"}
TARGETS = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
every_page = pytest.mark.parametrize("page", PAGES)


@every_page
def test_every_command_that_is_named_exists(page):
    for program, *words in pages.commands(page):
        if program == "make":
            assert {word for word in words if "=" not in word} <= TARGETS, words
        else:
            exists(commands, words)


@every_page
def test_every_setting_that_is_named_exists(page):
    named = re.findall(r"RESIGN(?:_[A-Z]+)+", pages.read(page))
    assert {name.removesuffix("_FILE") for name in named} <= VARIABLE_NAMES


@every_page
def test_every_link_leads_somewhere(page):
    for target in re.findall(
        r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"{]+)\"",
        re.sub(r"```.*?```", "", pages.read(page), flags=re.DOTALL),
    ):
        path, _, anchor = "".join(target).partition("#")
        if path.startswith("https:"):
            continue
        leads_to = (PAGES[page].parent / path).resolve() if path else PAGES[page]
        assert leads_to.exists(), target
        assert not anchor or anchor in anchors(leads_to.read_text(encoding="utf-8")), target


@every_page
def test_no_page_speaks_of_the_machine_it_was_written_on(page):
    assert not re.search(r"(?<![\w.])/(?:work|root|home)/", pages.read(page))


def test_every_page_is_on_the_map():
    linked = set(re.findall(r"\]\(([a-z-]+\.md)", pages.read("docs/index.md")))
    assert {path.name for path in PAGES.values() if path.parent.name == "docs"} == linked | {"index.md"}


def test_every_command_of_resign_is_in_the_documentation():
    named = {
        " ".join(words[:1])
        for page in PAGES
        for program, *words in pages.commands(page)
        if program == "resign"
    }
    assert set(commands.list_commands(click.Context(commands))) <= named


def test_the_first_ten_minutes_are_as_written(tmp_path):
    said = pages.run("docs/start.md", tmp_path, {})
    assert said.returncode == 0, said.stderr
    assert '"what": "confirmed"' in said.stdout
    assert "You are opted out. Reference: " in said.stdout


def test_operating_it_is_as_written(tmp_path):
    said = pages.run("docs/run.md", tmp_path, VARIABLES)
    assert said.returncode == 0, said.stderr
    assert (tmp_path / "backup.db").stat().st_size
    assert '"status": "ready"' in said.stdout
    assert named_metrics() <= declared_metrics() | set(
        re.findall(r"^# TYPE (\w+) gauge", said.stdout, re.MULTILINE)
    )


def test_a_file_is_taken_in_as_written(tmp_path):
    said = pages.run("docs/imports.md", tmp_path, VARIABLES)
    assert said.returncode == 0, said.stderr
    assert "Nothing was written." in said.stdout
    assert "bad-identifier" in said.stdout
    assert "│ done " in said.stdout


def test_the_secrets_of_the_containers_are_made_as_written_and_are_what_resign_reads(tmp_path):
    said = pages.run("docs/container.md", tmp_path, {})
    assert said.returncode == 0, said.stderr
    secrets = tmp_path / "secrets"
    assert oct(secrets.stat().st_mode)[-3:] == "700"
    given = dict(line.split("=", 1) for line in (tmp_path / ".env").read_text().splitlines())
    files = {"database_url", "keys", "digest_key", "synerise_api_key"}
    settings = load(given | {f"RESIGN_{name.upper()}_FILE": str(secrets / name) for name in files})
    assert settings.database_url.endswith("@database/resign")
    assert settings.workspaces["default"].keys[0][0] == "k1"


def test_accounts_are_set_up_as_written(tmp_path):
    said = pages.run("docs/staff.md", tmp_path, VARIABLES)
    assert said.returncode == 0, said.stderr
    assert "ada can sign in." in said.stdout
    assert "mia ström can sign in again." in said.stdout
    assert "reset-second-factor" in said.stdout


def test_a_command_that_does_not_exist_is_noticed():
    with pytest.raises(AssertionError):
        exists(commands, ["lnik"])
    with pytest.raises(AssertionError):
        exists(commands, ["link", "--e-mail", "anna@example.com"])
    with pytest.raises(AssertionError):
        exists(commands, ["db", "upgrad"])


def exists(command, words):
    """Whether click would know the command and its options; what follows them is not looked at."""
    for word in words:
        if isinstance(command, click.Group) and not word.startswith("-"):
            command = command.get_command(click.Context(command), word)
            assert command is not None, words
        elif word.startswith("--"):
            assert word.partition("=")[0] in {option for row in command.params for option in row.opts} | {
                "--help",
                "--version",
            }


def anchors(text):
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def named_metrics():
    return set(re.findall(r"\bresign(?:_[a-z]+)+\b", pages.read("docs/run.md")))


def declared_metrics():
    """Importing them declares them, whichever test comes first."""
    assert metrics.DECISIONS
    families = [family for family in REGISTRY.collect() if family.name.startswith("resign_")]
    return {family.name for family in families} | {f"{family.name}_total" for family in families}
