"""Where the next page begins, as a text that is handed out and comes back: from anybody, as anything."""

import base64
import binascii
import hashlib
import struct

PageToken = str

_MOST = 2**63 - 1
_SHAPE = struct.Struct(">Q4s")


def write(seq: int) -> PageToken:
    """The next page holds decisions below this seq."""
    return base64.urlsafe_b64encode(_SHAPE.pack(seq, _check(seq))).decode()


def read(token: str) -> int | None:
    """None for whatever is no token of ours. The check keeps slips out; there is nothing in it to protect."""
    try:
        seq, check = _SHAPE.unpack(base64.b64decode(token.encode("ascii"), b"-_", validate=True))
    except (ValueError, binascii.Error, struct.error):
        return None
    return int(seq) if check == _check(seq) and seq <= _MOST else None


def _check(seq: int) -> bytes:
    return hashlib.sha256(b"page" + seq.to_bytes(8, "big")).digest()[:4]
