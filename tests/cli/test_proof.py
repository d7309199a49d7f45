"""`resign proof` tells a proof that was made here from every other file."""

import json

import pytest

from resign.evidence.signature import Signing
from resign.settings import load

PROOF = (
    '{\n  "format": "resign-proof-1",\n  "workspace": "default",\n  "printed_at": "2026-05-04T10:11:12.000000Z",\n'
    '  "printed_by": "mia",\n  "decision_count": 3,\n'
)


@pytest.fixture
def saved(variables, tmp_path):
    key = load(variables).workspaces["default"].digest_key.encode()
    signing = Signing(key)
    signing.update(PROOF.encode())
    file = tmp_path / "proof.json"
    file.write_bytes(PROOF.encode() + signing.line())
    assert json.loads(file.read_text())["decision_count"] == 3
    return file


def test_one_that_was_made_here_is_told_so_with_who_and_when(saved, run_here):
    finished = run_here("proof", str(saved))
    assert finished.returncode == 0, finished.stderr
    assert (
        "by mia at 2026-05-04T10:11:12.000000Z, and unchanged since. Decisions in it: 3." in finished.stdout
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace('"decision_count": 3', '"decision_count": 4'), "changed since"),
        (lambda text: text.replace("default", "another"), "no workspace of these settings"),
        (lambda text: text[:40], "no workspace of these settings"),
        (lambda _text: "[" * 100_000, "no workspace of these settings"),
        (lambda text: json.dumps(json.loads(text)), "changed since"),
    ],
)
def test_what_is_changed_cut_or_none_of_ours_is_refused(saved, run_here, change, said):
    saved.write_text(change(saved.read_text()))
    finished = run_here("proof", str(saved))
    assert finished.returncode == 1
    assert said in finished.stderr
    assert not finished.stdout


def test_a_file_of_other_bytes_is_refused_too(saved, run_here):
    saved.write_bytes(b"\xff\x00")
    assert run_here("proof", str(saved)).returncode == 1
