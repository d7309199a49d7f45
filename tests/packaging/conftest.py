"""The wheel, built from what the Dockerfile copies and nothing else, and installed where no checkout is near."""

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest

from tests.packaging.dockerfile import ROOT, copied

RUNTIME = ROOT / "requirements-runtime.lock"
_SKIPPED = shutil.ignore_patterns("__pycache__", "*.pyc")


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel and its runtime dependencies, and an empty folder to work in."""

    bin: Path
    folder: Path

    def environment(self, **more: str) -> dict[str, str]:
        return {"PATH": f"{self.bin}:/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8", **more}

    def run(self, *command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [self.bin / command[0], *command[1:]],
            cwd=self.folder,
            env=self.environment(**variables),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    context, built = tmp_path_factory.mktemp("context"), tmp_path_factory.mktemp("dist")
    for sources, target in copied():
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, context / target, ignore=_SKIPPED)
            else:
                shutil.copy(ROOT / source, context / target)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", built], cwd=context, check=True
    )
    [file] = built.glob("resign-*.whl")
    return file


@pytest.fixture(scope="session")
def wheel_names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    home = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home / "venv"], check=True)
    python = home / "venv" / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", str(python)]
    install += ["install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True)
    [site] = (home / "venv" / "lib").glob("python*/site-packages")
    (home / "dependencies").mkdir()
    for entry in _runtime_entries():
        (home / "dependencies" / entry.name).symlink_to(entry)
    (site / "dependencies.pth").write_text(f"{home / 'dependencies'}\n")
    (home / "elsewhere").mkdir()
    return Installed(python.parent, home / "elsewhere")


def _runtime_entries() -> set[Path]:
    """The runtime's packages, and only those, out of the environment that the tests run in.

    Whatever else is installed here (pytest, psutil) stays out of sight, as it is in production.
    """
    locked = re.findall(r"^([a-z0-9-]+)==\S+(.*)", RUNTIME.read_text(encoding="utf-8"), re.MULTILINE)
    return {
        entry for name, marker in locked if "win32" not in marker for entry in _entries(distribution(name))
    }


def _entries(found: Distribution) -> Iterator[Path]:
    tops = {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}
    return (Path(str(found.locate_file(top))) for top in tops)
