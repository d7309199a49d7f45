"""The parent of the process that renders strangers' templates: gives it one job at a time, and knows which one it died of."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import monotonic
from typing import Any

from resign import paths

# A page has a second of the processor's time, and the child is ended by the system after that. This is for one
# that could get around it.
_SECONDS_TO_ANSWER = 10.0
_SECONDS_TO_START = 30.0
_MOST_OF_AN_ANSWER = 4 * 1024 * 1024
_AT_ONCE = 1 << 16
# What the child says last.
_LAST = ("MemoryError", "TooLate")
# `-I` keeps the environment and the working folder out; where this process found its modules, the child does too.
_START = "import json,runpy,sys;sys.path[:]=json.loads(sys.argv[1]);runpy.run_module('resign.themes.child',run_name='__main__',alter_sys=True)"


class Ended(Exception):
    """The process was ended, or ended by itself, before it had an answer; `late` when its time was up."""

    def __init__(self, *, late: bool) -> None:
        super().__init__("too late" if late else "it ended")
        self.late = late


class Rendering:
    """A child that is started when there is a job, and anew after one has died."""

    def __init__(self, templates: Mapping[str, str], logo: str, logo_alt: str) -> None:
        self._start = {"own": dict(templates), "shipped": _shipped(), "logo": logo, "logo_alt": logo_alt}
        self._said: Mapping[str, Any] | None = None
        self._child: _Child | None = None
        self.died = 0

    def say(
        self, said: Mapping[str, Mapping[str, str]], counted: Mapping[str, Mapping[str, list[str]]]
    ) -> None:
        """What messages are in each language, for this child and those that may follow it."""
        self._said = {"said": said, "counted": counted}
        if self._child:
            self._child.send(self._said)

    def ask(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Ended when the child dies of it, of its time say; the next job has a fresh one."""
        child = self._child or self._begun()
        try:
            child.send(job)
            child.answer(_SECONDS_TO_START, expected="begin")
            answer = child.answer(_SECONDS_TO_ANSWER)
        except Ended:
            self._end()
            raise
        if answer.get("kind") in _LAST:
            self._end()
        return answer

    def close(self) -> None:
        if self._child:
            self._child.end()
            self._child = None

    def _begun(self) -> "_Child":
        child = self._child = _Child()
        child.send(self._start)
        # No template has been looked at yet: what goes wrong until here is ours.
        try:
            child.answer(_SECONDS_TO_START, expected="ready")
        except Ended as error:
            raise RuntimeError("the process that renders templates did not start") from error
        if self._said:
            child.send(self._said)
        return child

    def _end(self) -> None:
        self.died += 1
        self.close()


@contextlib.contextmanager
def rendering(templates: Mapping[str, str], logo: str, logo_alt: str) -> Iterator[Rendering]:
    opened = Rendering(templates, logo, logo_alt)
    try:
        yield opened
    finally:
        opened.close()


class _Child:
    def __init__(self) -> None:
        found = [entry for entry in sys.path if Path(entry).is_absolute()]
        here = str(paths.migrations().parent.parent)
        command = [sys.executable, "-I", "-c", _START, json.dumps([*found, *({here} - set(found))])]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            close_fds=True,
            start_new_session=True,
        )
        self._read = b""

    def send(self, message: Mapping[str, Any]) -> None:
        assert self._process.stdin  # noqa: S101 - a pipe was asked for
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise Ended(late=False) from error

    def answer(self, seconds: float, expected: str = "") -> dict[str, Any]:
        """One line; Ended where none comes in time, or nothing that could be one."""
        assert self._process.stdout  # noqa: S101 - a pipe was asked for
        until = monotonic() + seconds
        pieces = [self._read]
        length = len(self._read)
        readable = select.poll()
        readable.register(self._process.stdout, select.POLLIN)
        while b"\n" not in pieces[-1]:
            left = until - monotonic()
            # `select` itself takes no file beyond the 1024th that a process has open.
            if left <= 0 or not readable.poll(left * 1000):
                raise Ended(late=True)
            piece = os.read(self._process.stdout.fileno(), _AT_ONCE)
            length += len(piece)
            if not piece:
                raise Ended(late=self._had_its_time())
            if length > _MOST_OF_AN_ANSWER:
                raise Ended(late=False)
            pieces.append(piece)
        line, _, self._read = b"".join(pieces).partition(b"\n")
        try:
            answer = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Ended(late=False) from error
        if not isinstance(answer, dict) or (expected and expected not in answer):
            raise Ended(late=False)
        return answer

    def _had_its_time(self) -> bool:
        try:
            return self._process.wait(_SECONDS_TO_ANSWER) == -signal.SIGPROF
        except subprocess.TimeoutExpired:
            return False

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()


def _shipped() -> dict[str, str]:
    return {
        file.name: file.read_text("utf-8") for file in sorted((paths.templates() / "public").glob("*.html"))
    }
