"""The console's style and scripts: a few small files, read once."""

from flask import Blueprint, Response

from resign import paths
from resign.console.access import anybody
from resign.console.problems import Problem
from resign.console.spoken import mark

blueprint = Blueprint("files", "resign.console")
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_FILES = {
    file.name: (file.read_bytes(), _TYPES[file.suffix])
    for file in (paths.static() / "console").iterdir()
    if file.suffix in _TYPES
}


@blueprint.get("/console/static/<filename>")
@anybody
def file(filename: str) -> Response:
    if filename not in _FILES:
        raise Problem(404, mark("There is no page here."))
    content, kind = _FILES[filename]
    # The preview's frame has an origin of its own, and shows its faults in our style.
    return Response(content, headers={"Content-Type": kind, "Cross-Origin-Resource-Policy": "cross-origin"})
