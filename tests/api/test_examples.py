"""The examples of the documentation do what they say, against a real server."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.packaging.dockerfile import ROOT

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLES = PAGE[PAGE.index("## Examples") : PAGE.index("## Errors")]


def block(language: str) -> str:
    [found] = re.findall(rf"```{language}\n(.*?)```", EXAMPLES, re.DOTALL)
    return found


def values(text: str) -> list[dict]:
    """JSON values, one behind the other."""
    found, decoder, rest = [], json.JSONDecoder(), text.strip()
    while rest:
        value, end = decoder.raw_decode(rest)
        found.append(value)
        rest = rest[end:].lstrip()
    return found


def test_every_example_runs_as_it_stands(crm, served):
    surroundings = {
        **os.environ,
        "API": f"{served}/api/v1",
        "KEY": crm.key,
        "NO_PROXY": "127.0.0.1",
    }
    shell = subprocess.run(
        ["sh", "-eu", "-c", block("sh")], env=surroundings, capture_output=True, text=True, check=True
    )
    one, first, second, checked, consents, links, destinations = values(shell.stdout)
    assert one["verdict"] == "recorded"
    assert [first["result"], second["result"]] == ["recorded", "recorded"]
    assert [each["suppressed"] for each in checked["results"]] == [True, False]
    assert consents["consents"][0]["decision"] == one["id"]
    assert all("/u/" in each["url"] for each in links["links"])
    assert destinations["destinations"][0]["name"] == "synerise"
    python = subprocess.run(
        [sys.executable, "-c", block("python")], env=surroundings, capture_output=True, text=True, check=True
    )
    assert python.stdout.splitlines()[0] == f"{one['reference']} opt-out newsletter crm"
    assert len(python.stdout.splitlines()) == 3
