"""A file as an answer: by its name, whole or visibly cut, and kept by nobody in between."""

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import Response

from resign.exports.formats import ENDINGS, MEDIA, Format


def file_of(
    about: str, at: datetime, form: Format, parts: Iterable[bytes], size: int | None = None
) -> Response:
    """`about` is a word of ours, never one that somebody typed. With its `size` a browser sees that the end is missing."""
    name = f"resign-{about}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.{ENDINGS[form]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": MEDIA[form]}
    if size is not None:
        headers["Content-Length"] = str(size)
    return Response(parts, headers=headers)
