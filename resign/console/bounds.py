"""How much a request may hold: so many fields, and in its address no number that is longer than any row's."""

from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any, cast

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.routing import IntegerConverter

# As many as Werkzeug takes of a form that carries files. Of empty ones two megabytes hold a million, and reading those
# would keep everybody else waiting for seconds.
MOST_FIELDS = 1_000


# In a request's environment: the folder to which a view lets the files of its form go as they come.
LARGE_FILES = "resign.large-files"


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

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """A large file goes beside where it is kept: what the system calls temporary may be memory."""
        if (folder := self.environ.get(LARGE_FILES)) is None:
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        return cast("IO[bytes]", TemporaryFile("rb+", dir=folder))
