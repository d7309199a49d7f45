"""How much a request may hold: so many fields, and in its address no number that is longer than any row's."""

from io import BytesIO
from typing import IO, Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.routing import IntegerConverter

# As many as Werkzeug takes of a form that carries files. Of empty ones two megabytes hold a million, and reading those
# would keep everybody else waiting for seconds.
MOST_FIELDS = 1_000


class RowNumber(IntegerConverter):
    """What is longer is no row's; the databases refuse it."""

    regex = "[0-9]{1,18}"


class _FewFields(FormDataParser):
    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:  # noqa: ANN401 - Werkzeug's own
        if mimetype == "application/x-www-form-urlencoded":
            body = stream.read()
            if body.count(b"&") >= MOST_FIELDS:
                raise RequestEntityTooLarge
            stream = BytesIO(body)
        return super().parse(stream, mimetype, content_length, options)


class BoundedRequest(Request):
    form_data_parser_class = _FewFields
