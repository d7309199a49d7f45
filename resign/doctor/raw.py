"""A raw mail, read without trust: the header fields as they stand, and the texts that a person would see."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from itertools import islice

_MOST_PARTS = 100
_MOST_PART = 1_000_000
_MOST_FIELD = 16_000
_MOST_FIELDS = 20
_FOLD = re.compile(r"\r?\n(?=[ \t])")
# What the parser and the decoders of the standard library raise over hostile mails, beside ValueError.
_ODD = (LookupError, ValueError, TypeError, AttributeError, RecursionError, AssertionError)


@dataclass(frozen=True, slots=True)
class Text:
    """One part that is shown: `html` or `plain`, decoded; `raw` is the same as it travelled."""

    kind: str
    text: str
    raw: str


class Mail:
    """Never raises, whatever the bytes are; what cannot be read is not there."""

    def __init__(self, raw: bytes) -> None:
        self._message: Message | None
        try:
            # Not the newer policies: they parse every field, which some fields make them fail at.
            self._message = message_from_bytes(raw, policy=policy.compat32)
        except _ODD:
            self._message = None

    @property
    def has_headers(self) -> bool:
        return self._message is not None and bool(len(self._message))

    def fields(self, name: str) -> list[str]:
        """Every field of that name, unfolded; at most twenty."""
        if self._message is None:
            return []
        values = [str(value) for key, value in self._message.raw_items() if key.lower() == name]
        return [_FOLD.sub("", value)[:_MOST_FIELD].strip() for value in values[:_MOST_FIELDS]]

    def texts(self) -> Iterator[Text]:
        if self._message is None:
            return
        parts = islice(self._message.walk(), _MOST_PARTS)
        while True:
            try:
                part = next(parts)
                found = _text(part)
            except (StopIteration, RecursionError):
                return
            if found is not None:
                yield found


def _text(part: Message) -> Text | None:
    try:
        kind = {"text/html": "html", "text/plain": "plain"}.get(part.get_content_type())
        if kind is None or part.get_content_disposition() == "attachment":
            return None
        payload = part.get_payload(decode=True)
        charset = part.get_content_charset("utf-8")
        source = part.get_payload()
    except _ODD:
        return None
    if not isinstance(payload, bytes):
        return None
    cut = payload[:_MOST_PART]
    try:
        text = cut.decode(charset, "replace")
    except _ODD:
        text = cut.decode("utf-8", "replace")
    return Text(kind, text, str(source)[:_MOST_PART])
