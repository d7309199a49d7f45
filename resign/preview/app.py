"""The preview's few pages. It answers on the machine's own address only, and runs nothing of the theme's."""

import re
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, render_template, request

from resign.preview.room import Room, Shown
from resign.themes.contexts import PAGE_NAMES
from resign.themes.samples import SAMPLES, sample

# Any other name in `Host` is a foreign page that had its own name point here (DNS rebinding).
_HERE = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_ASSETS = Path(__file__).parent
_SCHEMES = {"device": "as on this device", "light": "light", "dark": "dark"}
_TYPES = {"preview.js": "text/javascript", "preview.css": "text/css"}


def create_preview(room: Room) -> Flask:
    app = Flask("resign.preview", template_folder=str(_ASSETS), static_folder=None)

    @app.before_request
    def only_here() -> None:
        if not _HERE.fullmatch(request.environ.get("HTTP_HOST", "").lower()):
            abort(403, "The preview answers on 127.0.0.1, localhost and [::1] only.")

    @app.after_request
    def guarded(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    @app.get("/")
    def overview() -> str:
        language = _asked(request.args.get("language"), room.catalogues.languages, room.language)
        return render_template(
            "overview.html",
            workspace=room.workspace,
            folder=room.folder.name,
            pages=PAGE_NAMES,
            languages=[(tag, room.catalogues.name(tag)) for tag in room.catalogues.languages],
            language=language,
            samples=SAMPLES,
            sample=_asked(request.args.get("sample"), SAMPLES, SAMPLES[0]),
            schemes=_SCHEMES,
            colours=_asked(request.args.get("colours"), tuple(_SCHEMES), "device"),
        )

    @app.get("/state.json")
    def state() -> dict[str, Any]:
        shown = _shown(room, request.args.get("language", room.language))
        return {
            "revision": shown.revision,
            "pages": sorted(shown.pages),
            "faults": [
                {
                    "where": fault.where if fault.line is None else f"{fault.where}:{fault.line}",
                    "what": fault.what,
                    "remedy": fault.remedy,
                }
                for fault in shown.faults
            ],
        }

    @app.get("/page/<name>/<language>/<person>")
    def page(name: str, language: str, person: str) -> Response:
        found = {page: made for page, made in _shown(room, language).pages.items() if page == name}
        if not found or person not in SAMPLES:
            abort(404, "There is no such page, or it cannot be made: see the list of faults.")
        [made] = found.values()
        context = sample(made.name, language, person, room.catalogues, room.brand)
        response = Response(made.fill(context), mimetype="text/html")
        # Its own policy, but for the frame it is shown in; sandboxed also where it is opened by itself.
        policy = made.csp.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
        response.headers["Content-Security-Policy"] = f"{policy}; sandbox"
        return response

    @app.get("/<any('preview.js', 'preview.css'):asset>")
    def asset(asset: str) -> Response:
        return Response((_ASSETS / asset).read_bytes(), mimetype=_TYPES[asset])

    return app


def _asked(wish: str | None, known: tuple[str, ...], default: str) -> str:
    return wish if wish in known else default


def _shown(room: Room, language: str) -> Shown:
    try:
        return room.shown(language)
    except KeyError:
        abort(404, "There is no catalogue of that language.")
