"""The documentation as data: its code, its commands, its links; and a shell that runs what it says can be run."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.packaging.dockerfile import ROOT

PAGES = {str(path.relative_to(ROOT)): path for path in (*ROOT.glob("*.md"), *sorted(ROOT.glob("docs/*.md")))}
_FENCE = re.compile(r"^( *)```([^\n`]*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"(?:^|[|;&] *|\$\()(resign|make)((?: +[^\s|;&()`]+)*)", re.MULTILINE)

_WAITING = 'wait_for() { for _ in $(seq 900); do (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return; sleep 0.1; done; return 1; }'
_START = f"""set -euo pipefail
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT
{_WAITING}
"""


def read(page: str) -> str:
    return PAGES[page].read_text(encoding="utf-8")


def blocks(page: str) -> list[tuple[str, str]]:
    """Fenced code: what stands after the fence, and the code."""
    return [
        (info.strip(), re.sub(f"^{indent}", "", code, flags=re.MULTILINE))
        for indent, info, code in _FENCE.findall(read(page))
    ]


def commands(page: str) -> Iterator[list[str]]:
    """Every `resign …` and `make …`, in a line of its own or in a sentence."""
    inline = re.findall(r"`([^`\n]+)`", _FENCE.sub("", read(page)))
    for code in (*inline, *(code for info, code in blocks(page) if info.startswith("sh"))):
        for program, rest in _COMMAND.findall(code):
            yield [program, *rest.split()]


def script(page: str, ports: Mapping[str, int]) -> str:
    """The page's runnable blocks in their order, as one script; its servers listen on `ports` instead."""
    own, sandbox, console = (f"127.0.0.1:{port}" for port in ports.values())
    moved = {
        "resign serve": f"export RESIGN_BIND={own} RESIGN_BASE_URL=http://{own} RESIGN_CONSOLE_BIND={console}\nresign serve",
        "resign sandbox": f"resign sandbox --bind {sandbox}",
    }
    text = _START
    for info, code in blocks(page):
        if info == "sh run":
            text += code
        elif info == "sh background":
            port = ports["8100" if "sandbox" in code else "8000"]
            text += f"{moved[code.strip()]} >&2 &\nwait_for {port}\n"
    for port, instead in ports.items():
        text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{instead}")
    return text


def run(page: str, folder: Path, variables: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    ports = {"8000": _free_port(), "8100": _free_port(), "8020": _free_port()}
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("RESIGN_")}
    return subprocess.run(
        ["bash", "-c", script(page, ports)],
        cwd=folder,
        env={
            **surroundings,
            **variables,
            "PATH": f"{Path(sys.executable).parent}:{surroundings['PATH']}",
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
