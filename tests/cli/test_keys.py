"""`resign keys`: a new key, what each still has in circulation, one taken out; and secrets only where they must be."""

import stat
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from resign.cli.keys import keys
from resign.db import Database
from resign.links import BadLink, Links
from resign.settings import load
from resign.settings.parse import keys as ring_in
from tests.support.clock import StandingClock
from tests.support.decisions import ANNA, BORIS, decision, record
from tests.support.variables import VARIABLES

OLD, NEW = "first-secret-of-the-tests", "second-secret-of-the-tests"


@pytest.fixture
def given(tmp_path: Path) -> dict[str, str]:
    return {**VARIABLES, "RESIGN_DATA_DIR": str(tmp_path)}


@pytest.fixture
def run(given):
    def invoke(*words: str) -> Result:
        result = CliRunner().invoke(keys, words, env=given)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return invoke


@pytest.fixture
def in_file(given, tmp_path) -> Path:
    """The keys in a file of their own, as an operator keeps them."""
    file = tmp_path / "keys"
    file.write_text(given.pop("RESIGN_KEYS") + "\n")
    file.chmod(0o640)
    given["RESIGN_KEYS_FILE"] = str(file)
    return file


@pytest.fixture
def in_toml(given, tmp_path) -> Path:
    table = (
        '[workspaces.{0}]\n{1}\ndigest_key = "digest-secret-of-the-tests"\n'
        'sender = "{0}"\ncontact = "hello@{0}.example"\nsynerise_api_key = "x"\n'
    )
    (tmp_path / "oak-keys").write_text(f"k7:{OLD}\n")
    config = tmp_path / "resign.toml"
    config.write_text(
        table.format("fern", f'keys = "k1:{OLD}"')
        + table.format("oak", f'keys_file = "{tmp_path / "oak-keys"}"')
    )
    given.clear()
    given |= {"RESIGN_CONFIG": str(config), "RESIGN_DATA_DIR": str(tmp_path)}
    return config


@pytest.fixture
def ledger(given, database, database_url):
    """Three decisions by the old key, one by the new one, one by a template, and one by a key long gone."""
    given["RESIGN_DATABASE_URL"] = database_url
    clock = StandingClock()
    for link_key in ("k1", "k1", "k1", "k2", "tpl", "k0", None):
        record(database, decision(clock, ANNA, link_key=link_key))
        clock.advance(hours=25)
    record(database, decision(clock, BORIS, workspace="another", link_key="k1"))
    return database


def ids(text: str) -> list[str]:
    return [key_id for key_id, _ in ring_in(text.splitlines()[-1])]


def test_a_new_key_is_appended_and_signs(run, given):
    result = run("new")
    assert result.exit_code == 0
    assert ids(result.stdout) == ["k1", "k2", "k3"]
    assert len(result.stdout.splitlines()) == 1
    assert "Set RESIGN_KEYS." in result.stderr
    assert "resign links push FILE" in result.stderr
    links = Links(load({**given, "RESIGN_KEYS": result.stdout.strip()}).workspaces.values())
    token = links.mint("default", ANNA)
    assert token.startswith("k3.")
    old = Links(load(given).workspaces.values()).mint("default", ANNA)
    assert links.open(old).profile == ANNA


def test_every_new_key_is_another(run):
    secrets = {ring_in(run("new").stdout.strip())[-1][1] for _ in range(5)}
    assert len(secrets) == 5
    assert {len(secret) for secret in secrets} == {64}


def test_what_is_said_beside_the_ring_holds_no_secret(run):
    for words in (["new"], ["new", "--waiting"], ["sign", "k1"]):
        said = run(*words).stderr
        assert OLD not in said
        assert NEW not in said


@pytest.mark.parametrize(
    ("ring", "next_id"),
    [
        (f"k1:{OLD}", "k2"),
        (f"k9:{OLD}", "k10"),
        (f"k5:{OLD},k2:{NEW}", "k6"),
        (f"demo:{OLD}", "k2"),
        (f"a:{OLD},k:{NEW}", "k3"),
        (f"kk1:{OLD}", "k2"),
    ],
)
def test_an_id_of_the_ring_is_not_given_again(run, given, ring, next_id):
    given["RESIGN_KEYS"] = ring
    assert ids(run("new").stdout)[-1] == next_id


def test_the_id_of_a_key_taken_out_does_not_come_back_once_a_decision_came_by_it(run, given, ledger):
    given["RESIGN_KEYS"] = f"k1:{OLD}"
    assert ids(run("new").stdout) == ["k1", "k3"]


def test_the_ids_of_another_workspace_and_of_templates_count_for_nothing(run, given, ledger):
    record(ledger, decision(StandingClock(), BORIS, workspace="another", link_key="k8"))
    assert ids(run("new").stdout)[-1] == "k3"


def test_without_a_ledger_a_key_is_made_and_none_is_begun(run, given, tmp_path):
    folder = tmp_path / "later"
    given["RESIGN_DATABASE_URL"] = f"sqlite:///{folder / 'resign.db'}"
    result = run("new")
    assert ids(result.stdout)[-1] == "k3"
    assert "cannot be read" not in result.stderr
    assert not folder.exists()


def test_a_ledger_that_cannot_be_read_is_said_and_hinders_nothing(run, given, tmp_path):
    (tmp_path / "resign.db").write_text("no database at all, and long enough to be looked at" * 9)
    result = run("new")
    assert result.exit_code == 0
    assert ids(result.stdout)[-1] == "k3"
    assert "may get the id of a key that was taken out" in result.stderr


def test_numbers_that_have_come_to_their_end_are_said(run, given):
    given["RESIGN_KEYS"] = f"k9999999:{OLD}"
    result = run("new")
    assert result.exit_code == 1
    assert result.stdout == ""


def test_a_waiting_key_opens_and_does_not_sign_until_it_is_told_to(run, in_file, given):
    assert run("new", "--waiting", "--write").exit_code == 0
    waiting = in_file.read_text().strip()
    assert ids(waiting) == ["k3", "k1", "k2"]
    before = Links(load(given).workspaces.values())
    assert before.mint("default", ANNA).startswith("k2.")
    assert run("sign", "k3", "--write").exit_code == 0
    assert ids(in_file.read_text()) == ["k1", "k2", "k3"]
    token = Links(load(given).workspaces.values()).mint("default", ANNA)
    assert token.startswith("k3.")
    assert before.open(token).profile == ANNA


def test_the_file_is_rewritten_whole_with_its_mode_and_nothing_is_left_beside_it(run, in_file):
    before = in_file.stat()
    result = run("new", "--write")
    assert result.exit_code == 0, result.output
    assert ids(in_file.read_text()) == ["k1", "k2", "k3"]
    after = in_file.stat()
    assert stat.S_IMODE(after.st_mode) == 0o640
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert sorted(file.name for file in in_file.parent.iterdir()) == ["keys"]
    assert OLD not in result.output
    assert ring_in(in_file.read_text().strip())[-1][1] not in result.output


def test_a_file_keeps_its_owner(run, in_file, monkeypatch):
    """The file written anew is somebody else's at first, as it is where root runs the command."""
    given_to = []
    monkeypatch.setattr("resign.cli.key_place.os.fstat", lambda _: SimpleNamespace(st_uid=-1, st_gid=-1))
    monkeypatch.setattr("resign.cli.key_place.os.fchown", lambda _, *owner: given_to.append(owner))
    result = run("new", "--write")
    monkeypatch.undo()
    assert result.exit_code == 0
    assert given_to == [(in_file.stat().st_uid, in_file.stat().st_gid)]


def test_a_file_by_another_name_stays_where_it_is(run, in_file, given, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(in_file)
    given["RESIGN_KEYS_FILE"] = str(link)
    assert run("new", "--write").exit_code == 0
    assert link.is_symlink()
    assert ids(in_file.read_text()) == ["k1", "k2", "k3"]


@pytest.mark.parametrize("step", ["fsync", "fchmod"])
def test_a_file_that_cannot_be_written_is_as_it_was(run, in_file, monkeypatch, step):
    before = in_file.read_text()

    def fails(*_):
        raise OSError(28, "no space left")

    monkeypatch.setattr(f"resign.cli.key_place.os.{step}", fails)
    result = run("new", "--write")
    monkeypatch.undo()
    assert result.exit_code == 1
    assert "as it was" in result.stderr
    assert in_file.read_text() == before
    assert sorted(file.name for file in in_file.parent.iterdir()) == ["keys"]


def test_keys_without_a_file_of_their_own_are_not_written(run):
    result = run("new", "--write")
    assert result.exit_code == 1
    assert "RESIGN_KEYS_FILE" in result.stderr
    assert result.stdout == ""


def test_the_list_says_what_each_key_has_in_circulation_and_no_secret(run, ledger):
    result = run("list")
    assert result.exit_code == 0, result.output
    said = result.stdout
    for line, parts in {
        "k1": ("opens", "3", "2026-05-04", "2026-05-06"),
        "k2": ("signs and opens", "1", "2026-05-07"),
        "tpl": ("template-signed", "1"),
        "k0": ("taken out", "1"),
    }.items():
        row = next(row for row in said.splitlines() if f" {line} " in row)
        assert all(part in row for part in parts), row
    assert OLD not in said
    assert NEW not in said


def test_a_key_without_decisions_is_listed_too(run, given, ledger):
    given["RESIGN_KEYS"] += f",k9:{NEW}-again"
    row = next(row for row in run("list").stdout.splitlines() if " k9 " in row)
    assert "signs and opens" in row
    assert " 0 " in row


def test_a_key_that_people_still_come_by_is_not_taken_out_without_a_yes(run, in_file, ledger, monkeypatch):
    clock = StandingClock()
    clock.advance(days=60)
    monkeypatch.setattr("resign.cli.keys.SystemClock", lambda: clock)
    before = in_file.read_text()
    refused = run("retire", "k1", "--write")
    assert refused.exit_code == 1
    assert "3 decisions came by links of k1 in the last 90 days" in refused.stderr
    assert "the form that sends a new one" in refused.stderr
    assert in_file.read_text() == before
    gone = run("retire", "k1", "--write", "--yes")
    assert gone.exit_code == 0, gone.output
    assert ids(in_file.read_text()) == ["k2"]


def test_years_later_it_goes_without_a_question(run, ledger, monkeypatch, given):
    clock = StandingClock()
    clock.advance(days=120)
    monkeypatch.setattr("resign.cli.keys.SystemClock", lambda: clock)
    result = run("retire", "k1")
    assert result.exit_code == 0
    assert ids(result.stdout) == ["k2"]
    token = Links(load(given).workspaces.values()).mint("default", ANNA)
    old = Links(load({**given, "RESIGN_KEYS": f"k1:{OLD}"}).workspaces.values()).mint("default", ANNA)
    left = Links(load({**given, "RESIGN_KEYS": result.stdout.strip()}).workspaces.values())
    assert left.open(token).profile == ANNA
    with pytest.raises(BadLink):
        left.open(old)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["retire", "k2"], "newest"),
        (["retire", "k7"], "There are: k1, k2"),
        (["sign", "k7"], "There are: k1, k2"),
        (["new", "--workspace", "oak"], "--workspace: default"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_can(run, words, said):
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_the_newest_is_not_retired_even_with_a_yes(run):
    assert run("retire", "k2", "--yes").exit_code == 2


def test_with_a_toml_file_it_says_what_to_change_there(run, in_toml):
    assert run("new").exit_code == 2
    result = run("new", "--workspace", "fern")
    assert ids(result.stdout) == ["k1", "k2"]
    assert f"keys in [workspaces.fern] of {in_toml}" in result.stderr
    refused = run("new", "--workspace", "fern", "--write")
    assert refused.exit_code == 1
    assert "keys_file" in refused.stderr


def test_a_toml_files_key_file_is_rewritten(run, in_toml, tmp_path):
    before = in_toml.read_text()
    assert run("new", "--workspace", "oak", "--write").exit_code == 0
    assert ids((tmp_path / "oak-keys").read_text()) == ["k7", "k8"]
    assert in_toml.read_text() == before


def test_the_ledger_is_only_looked_at(run, ledger: Database):
    from sqlalchemy import func, select  # noqa: PLC0415

    from resign.ledger.tables import Decision  # noqa: PLC0415

    run("list")
    run("retire", "k1", "--yes")
    with ledger.reading() as session:
        assert session.scalar(select(func.count()).select_from(Decision)) == 8
