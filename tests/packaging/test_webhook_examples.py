"""The receivers of docs/webhooks.md, run as they stand there: they take what we sign and refuse what we do not."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from ipaddress import ip_network
from uuid import uuid4

import httpx
import pytest

from resign.clock import SystemClock
from resign.outbox.contract import Accepted, Misconfigured
from resign.settings.destinations import WebhookTo
from resign.webhooks import WebhookDestination
from tests.packaging import pages
from tests.support.receiver import SECRET

OTHER = "whsec_" + "B" * 43 + "="


def example(language: str) -> str:
    return re.search(rf"```{language}\n(.*?)```", pages.read("docs/webhooks.md"), re.DOTALL)[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("language", ["python", "js"])
def test_a_receiver_as_the_page_writes_it(tmp_path, language):
    port = free_port()
    file = tmp_path / f"receiver.{'py' if language == 'python' else 'js'}"
    file.write_text(example(language) + (f"\napp.run(port={port})\n" if language == "python" else ""))
    node = shutil.which("node") or _playwrights_node()
    command = [sys.executable if language == "python" else node, str(file)]
    process = subprocess.Popen(
        command, env={**os.environ, "PORT": str(port)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _until_it_answers(port)
        assert _posted(port, (SECRET,)) == Accepted()
        assert _posted(port, (OTHER, SECRET)) == Accepted()
        refused = _posted(port, (OTHER,))
        assert isinstance(refused, Misconfigured)
        assert "401" in refused.reason
    finally:
        process.terminate()
        process.wait()


def _posted(port: int, secrets: tuple[str, ...]):
    to = WebhookTo(
        name="crm", url=f"http://127.0.0.1:{port}/hooks/consent", secrets=secrets,
        networks=(ip_network("127.0.0.0/8"),),
    )  # fmt: skip
    destination = WebhookDestination("default", to, SystemClock())
    try:
        return destination.test(uuid4())
    finally:
        destination.close()


def _playwrights_node() -> str:
    """Playwright brings one along, and is what the tests have anyway."""
    from playwright._impl._driver import compute_driver_executable  # noqa: PLC0415

    return compute_driver_executable()[0]


def _until_it_answers(port: int) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        try:
            httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("it does not answer")
