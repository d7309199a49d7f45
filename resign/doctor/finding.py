"""One thing that was looked at."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["well", "mind", "ill"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`ill` must be mended, `mind` deserves a thought; `remedy` says what to do."""

    verdict: Verdict
    what: str
    remedy: str = ""


def well_if(holds: object, what: str, remedy: str) -> Finding:
    return Finding("well", what) if holds else Finding("ill", what, remedy)
