"""What a page that somebody once saw may do when it is looked at: nothing but wear its own style."""

import base64
import hashlib
import re

_STYLE = re.compile(rb"<style[^>]*>(.*?)</style>", re.DOTALL)


def policy(page: bytes) -> str:
    """A Content-Security-Policy for a frame on the same site."""
    allowed = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(style).digest()).decode()}'"
        for style in _STYLE.findall(page)
    )
    allowed = allowed or "'none'"
    return (
        f"default-src 'none'; style-src {allowed}; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
    )
