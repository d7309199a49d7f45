"""`resign theme`: from a folder to what people see, and back; each refusal in words and with its line."""

import http.client
import json
import re
import shutil
import socket
import subprocess
import time
from functools import partial

import pytest

from resign import paths
from resign.cli import theme as module
from resign.clock import SystemClock
from resign.db import Database
from resign.db.migrate import upgrade
from resign.i18n import Catalogues
from resign.themes import publishing
from resign.themes.source import ThemeSource
from resign.themes.versions import add, publications, save_draft
from tests.cli.conftest import COMMAND

LAYOUT = '{% extends "~/public/layout.html" %}{% block brand %}<p class="brand">Hello</p>{% endblock %}'


@pytest.fixture
def storage(settings):
    database = Database(settings.database_url, connections=2)
    upgrade(database)
    yield database
    database.close()


@pytest.fixture
def two_languages(monkeypatch, tmp_path):
    """Two of fifteen, so that a build takes a moment."""
    folder = tmp_path / "two"
    for language in ("en", "pl"):
        shutil.copytree(paths.translations() / language, folder / language)
    monkeypatch.setattr(module, "Catalogues", partial(Catalogues, folder))


@pytest.fixture
def theme(run_here, storage, two_languages, monkeypatch):
    """Runs `resign theme …`; what a check finds has tests of its own, and a browser takes its time."""
    monkeypatch.setattr(publishing, "check", lambda built, *_, **__: built.faults)
    monkeypatch.setattr(module, "checked", lambda built, *_, **__: built.faults)
    return lambda *arguments, **more: run_here("theme", *arguments, **more)


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "mine"
    (place / "templates").mkdir(parents=True)
    (place / "templates" / "layout.html").write_text(LAYOUT)
    return place


def worn(storage) -> list[int | None]:
    with storage.reading() as session:
        rows = publications(session, "default")
    return [each.version.number if each.version else None for each in rows]


def test_the_whole_way_from_pull_to_publish_and_back(theme, storage, tmp_path):
    place = tmp_path / "theme"
    assert theme("pull", str(place)).stdout == f"{place} now holds the shipped look, in one file.\n"
    assert (place / "theme.toml").exists()
    assert theme("check", str(place), "--no-looks").stdout.startswith("Nothing is wrong with its 94 pages")
    assert theme("push", str(place), "-m", "as shipped").stdout == "1\n"
    (place / "templates").mkdir()
    (place / "templates" / "layout.html").write_text(LAYOUT)
    assert theme("push", str(place), "--author", "Kim").stdout == "2\n"
    assert worn(storage) == []
    assert "Published default@1" in theme("publish", "1").stdout
    assert "+{% extends" in theme("diff").stdout
    assert "Published default@2" in theme("publish", "-m", "for spring").stdout
    assert theme("rollback").stdout == "People see default@1 again.\n"
    assert theme("rollback", "2").stdout == "People see default@2 again.\n"
    assert theme("rollback", "shipped").stdout == "People see the shipped look again.\n"
    assert worn(storage) == [None, 2, 1, 2, 1]


def test_the_list_says_which_one_people_see_since_when_and_by_whom(theme, folder):
    assert "There is no version yet" in theme("list").stdout
    theme("push", str(folder), "--author", "[red]Kim", "-m", "spring [/red]")
    assert "People see the shipped look." in theme("list").stdout
    theme("publish", "--author", "Noor")
    said = theme("list").stdout
    assert "[red]Kim" in said
    assert "spring [/red]" in said
    assert re.search(r"People see default@1, since [\d-]+ [\d:]+ UTC, by Noor\.", said)


def test_what_cannot_be_rendered_is_named_with_its_line_and_not_kept(theme, folder, storage):
    (folder / "templates" / "layout.html").write_text(LAYOUT.replace("Hello", "\n\n{{ oh_no }}"))
    for command in ("check", "push"):
        refused = theme(command, str(folder))
        assert refused.returncode == 1
        assert re.search(r"^templates/layout\.html:3: .*oh_no.*\. .+", refused.stderr, re.MULTILINE)
        assert refused.stdout == ""
    assert "no version yet" in theme("list").stdout


def test_what_cannot_be_read_is_named_and_not_kept(theme, folder):
    (folder / "theme.toml").write_text("= 3")
    (folder / "templates" / "lay-out.html").write_text("")
    refused = theme("push", str(folder))
    assert refused.returncode == 1
    assert "theme.toml:1" in refused.stderr
    assert "templates/lay-out.html" in refused.stderr


def test_a_version_with_a_fault_is_not_published(theme, storage):
    with storage.writing() as session:
        broken = ThemeSource({"templates/done.html": b"{{ oh_no }}"})
        add(session, "default", broken, "", "kim", SystemClock().now())
        session.commit()
    refused = theme("publish")
    assert refused.returncode == 1
    assert "templates/done.html:1: " in refused.stderr
    assert worn(storage) == []


def test_going_back_to_what_no_longer_builds_is_refused(theme, storage, folder):
    with storage.writing() as session:
        broken = ThemeSource({"templates/done.html": b"{{ oh_no }}"})
        add(session, "default", broken, "", "kim", SystemClock().now())
        session.commit()
    theme("push", str(folder))
    theme("publish")
    refused = theme("rollback", "1")
    assert refused.returncode == 1
    assert "templates/done.html:1: " in refused.stderr
    assert worn(storage) == [2]


def test_going_back_to_what_breaks_a_rule_names_the_page_that_stays_as_shipped(theme, storage):
    with storage.writing() as session:
        own = b'{% extends "~/public/done.html" %}\n{% block heading %}We will miss you{% endblock %}'
        add(session, "default", ThemeSource({"templates/done.html": own}), "", "kim", SystemClock().now())
        session.commit()
    back = theme("rollback", "1")
    assert back.returncode == 0
    assert "templates/done.html:2: " in back.stderr
    assert "people see the shipped page" in back.stderr
    assert worn(storage) == [1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["publish"], "has no version yet"),
        (["rollback"], "nothing to go back to"),
        (["rollback", "x"], "is no version"),
        (["rollback", "9" * 30], "has no version yet"),
        (["publish", "0"], "not in the range"),
        (["publish", "9" * 30], "not in the range"),
        (["pull", "there", "--version", "draft"], "There is no draft"),
        (["pull", "there", "--version", "-1"], "is no version"),
        (["diff", "1", "2"], "has no version yet"),
        (["list", "--workspace", "other"], "Name the workspace with --workspace: default."),
        (["check", "/nowhere/at/all"], "does not exist"),
    ],
)
def test_what_is_asked_wrongly_ends_in_a_sentence_and_in_two(theme, arguments, said):
    refused = theme(*arguments)
    assert refused.returncode == 2
    assert said in refused.stderr


def test_a_number_that_is_not_there_is_told_with_the_newest(theme, folder):
    theme("push", str(folder))
    refused = theme("publish", "2")
    assert refused.returncode == 2
    assert "There is no version 2. The newest is 1." in refused.stderr


def test_a_folder_with_something_in_it_is_not_written_over_unasked(theme, folder, tmp_path):
    theme("push", str(folder))
    place = tmp_path / "full"
    (place / ".git").mkdir(parents=True)
    (place / ".git" / "HEAD").write_text("main")
    assert theme("pull", str(place)).returncode == 0, "what git keeps is nothing of a theme's"
    (place / "notes.txt").write_text("mine")
    (place / "templates" / "layout.html").write_text("changed")
    refused = theme("pull", str(place))
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert (place / "templates" / "layout.html").read_text() == "changed"
    forced = theme("pull", str(place), "--force")
    assert forced.returncode == 0
    assert "still there: notes.txt" in forced.stderr
    assert (place / "templates" / "layout.html").read_text() == LAYOUT


def test_the_draft_and_any_version_can_be_pulled_and_compared(theme, folder, storage, tmp_path):
    theme("push", str(folder))
    with storage.writing() as session:
        draft = ThemeSource({"style.css": b"p { color: teal }\n"})
        save_draft(session, "default", draft, 0, "kim", SystemClock().now())
        session.commit()
    assert theme("pull", str(tmp_path / "a"), "--version", "draft").returncode == 0
    assert (tmp_path / "a" / "style.css").exists()
    assert theme("pull", str(tmp_path / "b"), "--version", "1").returncode == 0
    assert (tmp_path / "b" / "templates" / "layout.html").read_text() == LAYOUT
    said = theme("diff", "1", "draft").stdout
    assert said.startswith("From default@1 to draft: 2 files differ.")
    assert "+p { color: teal }" in said


def test_without_a_schema_it_says_what_to_run(run_here):
    refused = run_here("theme", "list")
    assert refused.returncode == 2
    assert "resign db upgrade" in refused.stderr


def test_the_preview_shows_the_folder_until_it_is_ended(variables, folder, tmp_path):
    command = [*COMMAND, "theme", "preview", str(folder), "--port", "0"]
    running = subprocess.Popen(command, env=variables, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    try:
        address = re.search(r"http://127\.0\.0\.1:(\d+)/", running.stdout.readline())
        connection = http.client.HTTPConnection("127.0.0.1", int(address[1]), timeout=60)
        connection.request("GET", "/state.json")
        first = json.loads(connection.getresponse().read())
        assert (len(first["pages"]), first["faults"]) == (47, [])
        time.sleep(0.05)
        (folder / "templates" / "layout.html").write_text(LAYOUT.replace("Hello", "Goodbye"))
        connection.request("GET", "/page/optout/en/ordinary")
        assert b"Goodbye" in connection.getresponse().read()
        connection.close()
    finally:
        running.terminate()
        running.communicate(timeout=20)


def test_a_port_that_is_taken_is_told(run_here, folder):

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = run_here("theme", "preview", str(folder), "--port", str(taken.getsockname()[1]))
    assert refused.returncode == 1
    assert "the port is taken; end what runs there or name another with --port" in refused.stderr


def test_a_fault_that_shows_in_many_places_is_said_once_and_counted(theme, folder):
    (folder / "templates" / "layout.html").write_text("{{ oh_no }}")
    said = theme("check", str(folder)).stderr
    assert re.search(
        r"^templates/layout\.html:1: `oh_no` .* \(optout en, and in \d+ more places\)\. ", said, re.MULTILINE
    )
    assert said.endswith("One fault.\n")
