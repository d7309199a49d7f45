"""`resign proof`: whether a proof that somebody brings is one that was made here."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from resign.evidence.signature import is_ours
from resign.settings import load_from_environment


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def proof(file: Path) -> None:
    """Whether a proof that was saved as a FILE was made here, and is unchanged.

    Exits 0 if so, otherwise 1. The settings must have the digest key of the proof's workspace.
    """
    content = file.read_bytes()
    said = _said(content)
    workspace = load_from_environment().workspaces.get(str(said.get("workspace")))
    if workspace is None:
        click.echo("It names no workspace of these settings, so it cannot be checked here.", err=True)
        sys.exit(1)
    if not is_ours(content, workspace.digest_key.encode()):
        click.echo(
            "It was not made here, or was changed since: an editor that only laid it out anew counts, too.",
            err=True,
        )
        sys.exit(1)
    click.echo(
        f"Made here, in the workspace {workspace.name}, by {said['printed_by']} at {said['printed_at']}, "
        f"and unchanged since. Decisions in it: {said['decision_count']}."
    )


def _said(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
