"""The locks: everything by hash, the same versions in each, and no word of where they came from."""

import re
import tomllib

import pytest

from tests.packaging.dockerfile import ROOT

LOCKS = ["requirements.lock", "requirements-runtime.lock", "requirements-build.lock"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def text(lock):
    return (ROOT / lock).read_text(encoding="utf-8")


def requirements(lock):
    """Version and hashes by name and marker."""
    found = re.findall(
        r"^([a-z0-9-]+)==([^ ]+)((?: ; [^\\\n]*)?)((?: *\\\n +--hash=\S+)*)", text(lock), re.MULTILINE
    )
    return {
        (name, marker.strip()): (version, set(hashes.split()) - {"\\"})
        for name, version, marker, hashes in found
    }


def direct(requirement):
    return re.match(r"[A-Za-z0-9-]+", requirement)[0].lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_a_pinned_requirement_or_a_hash(lock):
    lines = [line for line in text(lock).splitlines() if not line.startswith("#")]
    assert all(re.match(r"[a-z0-9-]+==\S+|    --hash=sha256:[0-9a-f]{64}", line) for line in lines)
    assert all(hashes for _, hashes in requirements(lock).values())


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock):
    assert "://" not in text(lock)
    assert not re.search(r"--(?:extra-)?index|--find-links|--trusted-host", text(lock))


@pytest.mark.parametrize("lock", LOCKS[1:])
def test_what_runs_in_the_image_is_what_the_tests_ran_with(lock):
    everything = {
        (name, version): hashes for (name, _), (version, hashes) in requirements("requirements.lock").items()
    }
    for (name, _), (version, hashes) in requirements(lock).items():
        assert everything[name, version] == hashes, name


def test_every_dependency_of_the_project_is_locked():
    project, names = PROJECT["project"], {name for name, _ in requirements("requirements.lock")}
    asked = [
        *project["dependencies"],
        *(row for extra in project["optional-dependencies"].values() for row in extra),
    ]
    assert {direct(requirement) for requirement in asked} <= names, "run `make lock`"


def test_the_runtime_is_the_dependencies_and_postgresql_and_nothing_for_developers():
    project, names = PROJECT["project"], {name for name, _ in requirements("requirements-runtime.lock")}
    extras = project["optional-dependencies"]
    assert {direct(row) for row in [*project["dependencies"], *extras["postgres"]]} <= names, (
        "run `make lock`"
    )
    assert not names & {direct(row) for row in extras["dev"]}


def test_the_build_lock_is_what_the_build_backend_needs():
    names = {name for name, _ in requirements("requirements-build.lock")}
    assert {direct(row) for row in PROJECT["build-system"]["requires"]} <= names
