"""The one style of all pages, sent inside each: made small, and allowed by its hash alone."""

import base64
import hashlib
import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Stylesheet:
    source: str
    text: str = field(init=False)
    csp: str = field(init=False)

    def __post_init__(self) -> None:
        text = _small(self.source)
        if "<" in text or "{{" in text:
            raise ValueError("the style would end its own element, or look like a marker")
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "csp", _policy(text))


def _small(source: str) -> str:
    """Without comments and needless blanks. Blanks around a colon stay: in a selector they mean something."""
    bare = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", bare)).replace(";}", "}").strip()


def _policy(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
