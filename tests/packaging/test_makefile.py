"""The commands of the repository are the README's, and `make` alone explains them."""

import os
import re
import shutil
import subprocess

import pytest

from tests.packaging.dockerfile import ROOT

TARGETS = "help setup demo test lint bench faults docs texts lock wheel image".split()


def make(*arguments, folder=ROOT, **variables):
    # MAKEFLAGS would make this the child of the make that runs the tests.
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name} | variables
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_make_alone_explains_every_target():
    said = make()
    assert said.returncode == 0
    assert re.findall(r"^  make (\w+) +\S", said.stdout, re.MULTILINE) == TARGETS


@pytest.mark.parametrize("target", ["demo", "test", "lint", "bench", "faults"])
def test_in_an_empty_checkout_the_set_up_comes_first(tmp_path, target):
    checkout(tmp_path)
    steps = make("--dry-run", target, folder=tmp_path).stdout
    assert steps.index("--require-hashes -r requirements.lock") < steps.rindex(".venv/bin/")
    assert not (tmp_path / ".venv").exists()


def test_a_set_up_is_done_once_and_again_when_the_lock_has_changed(tmp_path):
    checkout(tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / ".set-up").touch()
    assert "pip install" not in make("--dry-run", "setup", folder=tmp_path).stdout
    os.utime(tmp_path / "requirements.lock", (4e9, 4e9))
    assert "pip install" in make("--dry-run", "setup", folder=tmp_path).stdout


@pytest.mark.parametrize(
    ("script", "remedy"),
    [
        ("exit 1", "needs Python 3.11 or newer"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "apt-get install python3-venv"),
    ],
)
def test_a_python_that_will_not_do_is_named_with_its_remedy(tmp_path, script, remedy):
    checkout(tmp_path)
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    said = make("setup", f"PYTHON={python}", folder=tmp_path)
    assert said.returncode != 0
    assert remedy in said.stderr
    assert not (tmp_path / ".venv").exists()


def test_a_missing_chromium_is_named_with_the_command_that_brings_it(tmp_path):
    checkout(tmp_path)
    for name in ("make", "sh"):
        (tmp_path / name).symlink_to(shutil.which(name))
    said = make("chromium", f"SHELL={tmp_path / 'sh'}", folder=tmp_path, PATH=str(tmp_path))
    assert said.returncode == 0
    assert "apt-get install chromium" in said.stderr


def test_ci_runs_the_readmes_test_command_and_the_linters():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-2:] == ["make test", "make lint"]
    assert "```sh\nmake test\n```" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0


def checkout(folder):
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
