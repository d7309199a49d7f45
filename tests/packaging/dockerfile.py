"""Reads the Dockerfile as far as the tests need it."""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def instructions() -> list[tuple[str, str]]:
    """Each instruction's word and the rest of it, continuation lines joined."""
    lines = [
        line for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines() if line[:1] != "#"
    ]
    text = "\n".join(lines).replace("\\\n", " ")
    return [
        (word, rest.strip()) for word, _, rest in (line.partition(" ") for line in text.splitlines() if line)
    ]


def copied() -> list[tuple[list[str], str]]:
    """What comes from the repository: sources and their target, for each COPY of the build stage."""
    split = [rest.split() for word, rest in instructions() if word == "COPY" and "--from" not in rest]
    return [(parts[:-1], parts[-1]) for parts in split]
