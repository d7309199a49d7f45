"""Where the console listens and how staff reach it: seen together, because passwords must never travel in clear."""

from collections.abc import Iterator
from typing import Any

from resign.settings.parse import is_this_machine

Bind = tuple[str, int]


def completed(house: dict[str, Any]) -> dict[str, Any]:
    """With the address by which staff reach the console, where none was given."""
    bind: Bind | None = house["console_bind"]
    return {**house, "console_url": house["console_url"] or (f"http://{written(bind)}" if bind else "")}


def faults(bind: Bind | None, url: str | None) -> Iterator[str]:
    """Nothing where it listens to this machine alone, or where staff come through a proxy that speaks TLS."""
    if bind is None or is_this_machine(bind[0]) or (url or "").startswith("https://"):
        return
    if url:
        yield (
            f"RESIGN_CONSOLE_URL: on {written(bind)} other machines reach the console, and passwords would travel in "
            "clear; give the address with https:// that your proxy has for it, or listen on 127.0.0.1"
        )
    else:
        yield (
            f"RESIGN_CONSOLE_URL: missing, and needed because on {written(bind)} other machines reach the console. "
            "Give the address with https:// that your proxy has for it, or listen on 127.0.0.1"
        )


def written(bind: Bind) -> str:
    host, port = bind
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
