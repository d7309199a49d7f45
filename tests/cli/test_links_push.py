"""`resign links push` as an operator uses it, against the pretend Synerise over real HTTP."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from resign.cli.links import links
from tests.push.pushing import file, push, synerise, token
from tests.push.synerise import people

__all__ = ["file", "push", "synerise", "token"]

ANNA, BO, CY = "anna@example.com", "Bo@example.com", "cy@example.com"


def test_every_profile_of_the_file_holds_its_own_link(synerise, push, file, token):
    there = synerise()
    there.plant({"email": ANNA})
    ended = push(file(f"email,name\n{ANNA},Anna\n{BO},Bo\n"))
    assert ended.exit_code == 0, ended.output
    assert "2 rows: 2 accepted, 0 rejected." in ended.stdout
    assert there.tokens() == {ANNA: token(ANNA), BO: token(BO)}


def test_the_help_says_that_profiles_are_created():
    said = " ".join(CliRunner().invoke(links, ["push", "--help"]).output.split())
    assert "A profile that Synerise does not know is CREATED, unless --only-known is given" in said


def test_only_known_creates_nobody_and_names_who_is_unknown(synerise, push, file, token, tmp_path):
    there = synerise()
    there.plant({"email": ANNA}, {"customId": "C/1"})
    rejects = tmp_path / "r.csv"
    ended = push(file(f"email,customId\n{ANNA},\n{BO},\n,C/1\n"), "--only-known", "--rejects", rejects)
    assert ended.exit_code == 1
    assert "3 rows: 2 accepted, 1 rejected." in ended.stdout
    assert there.tokens() == {ANNA: token(ANNA), "C/1": token("C/1", "customId")}
    [_, row] = rejects.read_text().splitlines()
    assert row.startswith("3,Synerise answered 404")
    assert row.endswith(f",{BO},,")
    assert there.asked["/v4/clients/batch"] == 0


def test_bad_rows_and_refused_ones_end_in_the_rejects_and_the_rest_goes_through(
    synerise, push, file, token, variables
):
    there = synerise()
    there.fault(item_refused=["p7@example.com"])
    content = people(20).encode() + b"nobody\nb\xe9@example.com\n+p1@example.com,x\n"
    ended = push(file(content))
    assert ended.exit_code == 1
    assert "23 rows: 19 accepted, 4 rejected." in ended.stdout
    path = ended.stdout.strip().rpartition(" ")[2]
    assert path.startswith(variables["RESIGN_DATA_DIR"] + "/push/")
    text = Path(path).read_text(encoding="utf-8")
    assert sorted(row.split(",")[0] for row in text.splitlines()[1:]) == ["22", "23", "24", "9"]
    assert "'+p1@example.com" in text
    assert Path(path).stat().st_mode & 0o777 == 0o600
    held = there.tokens()
    assert len(held) == 19
    assert held["p6@example.com"] == token("p6@example.com")
    there.mend()
    again = push(path, "--rejects", path + ".2")
    assert "4 rows: 2 accepted, 2 rejected." in again.stdout
    assert there.tokens()["+p1@example.com"] == token("+p1@example.com")


def test_jsonl_and_standard_input(synerise, push, file, token):
    there = synerise()
    there.plant({"email": ANNA, "clientId": 7})
    ended = push(file('{"clientId": 7}\n{"email": "cy@example.com"}\n', "people.jsonl"))
    assert ended.exit_code == 0
    assert there.tokens() == {ANNA: token("7", "clientId"), CY: token(CY)}
    streamed = push("-", input=f'{{"email": "{BO}"}}\n')
    assert streamed.exit_code == 0, streamed.output
    assert "cannot be resumed" in streamed.stderr
    assert there.tokens()[BO] == token(BO)
    assert push("-", "--column", "email=E-mail", input="E-mail\np1@example.com\n").exit_code == 0
    assert "p1@example.com" in there.tokens()


def test_a_dry_run_writes_nothing_and_calls_nobody(synerise, push, file, tmp_path, token, variables):
    there = synerise()
    ended = push(file(people(2001) + "nobody\nnobody\n"), "--dry-run")
    assert ended.exit_code == 1
    assert "2,003 rows: 2,001 to push in 3 batches, 2 would be rejected." in ended.stdout
    assert "2 rejected: email: this is not an e-mail address that Synerise accepts" in ended.stdout
    assert ended.stdout.count("p•••@example.com") == 10
    assert "p1@example.com" not in ended.output
    assert token("p1@example.com")[:12] in ended.stdout
    assert token("p1@example.com") not in ended.output
    assert not there.asked
    assert not Path(variables["RESIGN_DATA_DIR"]).exists()
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


def test_what_was_pushed_is_not_pushed_again_unless_asked(synerise, push, file):
    there = synerise()
    path = file(people(3))
    assert push(path).exit_code == 0
    again = push(path)
    assert again.exit_code == 0
    assert "All 3 rows were pushed already; --again pushes them once more." in again.stdout
    assert set(there.taken.values()) == {1}
    assert "dealt with before" in push(path, "--dry-run").stdout
    assert push(path, "--again").exit_code == 0
    assert set(there.taken.values()) == {2}


def test_another_key_another_content_or_another_synerise_is_another_push(synerise, push, file, variables):
    there = synerise()
    path = file(people(3))
    push(path)
    variables["RESIGN_KEYS"] += ",k3:third-secret-of-the-tests"
    assert "3 accepted" in push(path).stdout
    assert "already" not in push(file(people(4))).stdout
    assert there.taken["p0@example.com"] == 3
    elsewhere = synerise()
    assert "already" not in push(path).stdout
    assert len(elsewhere.taken) == 4


def test_a_push_that_ended_with_rejects_still_says_so(synerise, push, file):
    synerise()
    path = file(people(3) + "nobody\n")
    assert push(path).exit_code == 1
    again = push(path)
    assert again.exit_code == 1
    assert "were pushed already" in again.stdout
    assert ".rejects.csv" in again.stdout


def test_wrong_settings_end_it_with_their_reason_and_mended_it_goes_on(synerise, push, file):
    there = synerise()
    there.fault(revoke_permission="API_BATCH_CLIENT_CREATE")
    path = file(people(2500))
    ended = push(path)
    assert ended.exit_code == 2
    assert "API_BATCH_CLIENT_CREATE" in ended.stderr
    assert "Give the same command again" in ended.stderr
    assert "example.com" not in ended.output.replace("optout.example.com", "")
    there.mend()
    assert "2,500 rows: 2,500 accepted" in push(path).stdout
    assert set(there.taken.values()) == {1}


def test_a_synerise_that_is_busy_is_waited_for(synerise, push, file):
    there = synerise()
    there.fault(status=429, times=2, paths=["/v4/"], retry_after=0)
    ended = push(file(people(3)))
    assert ended.exit_code == 0, ended.output
    assert "trying again in" in ended.stderr
    assert set(there.taken.values()) == {1}


def test_where_emails_are_not_unique_rows_with_one_are_rejected_before_any_call(
    synerise, push, file, variables
):
    there = synerise(emails="non-unique")
    variables |= {"RESIGN_SYNERISE_EMAILS": "non-unique", "RESIGN_SYNERISE_ATTRIBUTE": "agreement"}
    ended = push(file(f"email,customId\n{ANNA},\n{BO},C-1\n"))
    assert ended.exit_code == 1
    assert "2 rows: 1 accepted, 1 rejected." in ended.stdout
    assert dict(there.taken) == {"C-1": 1}
    rejects = Path(ended.stdout.strip().rpartition(" ")[2]).read_text(encoding="utf-8")
    assert "e-mails are not unique" in rejects


@pytest.mark.parametrize(
    ("content", "arguments", "said"),
    [
        ("", [], "the file is empty"),
        ("phone\n1\n", [], "--column email=E-mail"),
        ("email\n", ["--column", "phone=x"], "name a column as"),
        ("email\n", ["--workspace", "oak"], "there is no workspace oak"),
        (b"\xff\xfee\x00", [], "UTF-16"),
    ],
)
def test_what_cannot_be_read_ends_with_status_2_and_what_to_do(push, file, content, arguments, said):
    ended = push(file(content), *arguments)
    assert ended.exit_code == 2
    assert said in ended.output


def test_a_file_that_is_not_there_ends_with_status_2(push, tmp_path):
    ended = push(tmp_path / "nowhere.csv")
    assert ended.exit_code == 2
    assert "cannot be read" in ended.output
    assert push(tmp_path).exit_code == 2


def test_a_header_alone_is_nobody(synerise, push, file):
    synerise()
    ended = push(file("email\n"))
    assert (ended.exit_code, ended.stdout) == (0, "0 rows: 0 accepted, 0 rejected.\n")


def test_no_file_of_the_operators_is_written_over(synerise, push, file):
    synerise()
    path = file(people(1))
    mine = file("mine", "mine.csv")
    for taken in (mine, path):
        ended = push(path, "--rejects", taken)
        assert ended.exit_code == 2
        assert "is there already" in ended.output
    assert mine.read_text() == "mine"


def test_a_file_that_changes_while_it_is_read_is_not_called_done(synerise, push, file):
    there = synerise()
    path = file(people(3))
    there.meanwhile = lambda: path.write_text(people(4))
    ended = push(path)
    assert ended.exit_code == 2
    assert "changed while it was read" in ended.output
    there.meanwhile = lambda: None
    assert push(path).exit_code == 0
    assert "p3@example.com" in there.tokens()


def test_on_a_terminal_there_is_a_bar(synerise, push, file, monkeypatch):
    synerise()
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    ended = push(file(people(3)))
    assert ended.exit_code == 0
    assert "━" in ended.stderr
    assert "3 rows, " in ended.stderr
    assert "a second" in ended.stderr


def test_the_command_is_one_of_a_group():
    assert isinstance(links, click.Group)
    assert set(links.commands) == {"push"}
