"""`/healthz`: the process answers. `/readyz`: opt-outs can be taken, and what else is wrong. `/metrics`: Prometheus."""

import hmac
import json
from datetime import datetime
from typing import Any, cast

from flask import Blueprint, Response, current_app, request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from resign.db.migrate import is_current
from resign.ops.elsewhere import troubled
from resign.ops.exposition import exposition
from resign.ops.probe import Probe
from resign.outbox.tables import Lane, leads_to_synerise
from resign.web.headers import public_headers

EXTENSION = "resign.ops"
blueprint = Blueprint("ops", __name__)
_NO_ANSWER = "Synerise does not answer; what is owed is kept and told when it does"
_BY_HAND = "somebody has paused it by hand; `resign outbox resume` ends it"


def _probe() -> Probe:
    return cast("Probe", current_app.extensions[EXTENSION])


@blueprint.get("/healthz")
def healthz() -> Response:
    return Response("ok\n", 200, public_headers(), mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    """503 only where opt-outs cannot be taken. A Synerise that is down or misconfigured is shown, but must not
    take the pages out of the load balancer: what people decide meanwhile is kept and told later.
    """
    database = _database()
    synerise = _synerise() if database["ok"] else {}
    destinations = troubled(_probe()) if database["ok"] else []
    raised = _alarms() if database["ok"] else []
    ready = database["ok"]
    well = ready and not raised and not destinations and all(lane["ok"] for lane in synerise.values())
    status = "ready" if well else "degraded" if ready else "not ready"
    body = json.dumps(
        {
            "status": status,
            "database": database,
            "synerise": synerise,
            "destinations": destinations,
            "alarms": raised,
        },
        indent=1,
    )
    return Response(f"{body}\n", 200 if ready else 503, public_headers(), mimetype="application/json")


@blueprint.get("/metrics")
def metrics() -> Response:
    probe = _probe()
    if probe.metrics_token is not None:
        given = request.headers.get("Authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, f"Bearer {probe.metrics_token}".encode()):
            answer = Response("A bearer token is needed.\n", 401, public_headers(), mimetype="text/plain")
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer
    body, content_type = exposition(probe)
    return Response(body, 200, public_headers(), content_type=content_type)


def _database() -> dict[str, Any]:
    probe = _probe()
    try:
        with probe.database.reading() as session:
            session.execute(text("SELECT 1"))
        if not is_current(probe.database):
            return {"ok": False, "why": "the schema is not this release's; run `resign db upgrade`"}
    except (SQLAlchemyError, OSError) as error:
        return {"ok": False, "why": f"the database does not answer ({type(error).__name__})"}
    return {"ok": True}


def _alarms() -> list[dict[str, str | None]]:
    return [
        {
            "name": alarm.name,
            "workspace": alarm.workspace or None,
            "level": alarm.level,
            "since": alarm.since.isoformat(),
            "meaning": alarm.meaning,
        }
        for alarm in _probe().sight().alarms
    ]


def _synerise() -> dict[str, Any]:
    probe = _probe()
    sight = probe.sight()
    closed = [lane for lane in sight.held if leads_to_synerise(lane.destination)]
    stopped = [lane for lane in sight.stopped if leads_to_synerise(lane.destination)]
    found: dict[str, Any] = {name: {"ok": True} for name in probe.named}
    for lane in stopped:
        found[lane.workspace] = _not_ok(lane, lane.stopped_at, _BY_HAND)
    for lane in sorted(closed, key=lambda lane: lane.held_for is not None):
        found[lane.workspace] = _not_ok(lane, lane.since, lane.held_for or _NO_ANSWER)
    return found


def _not_ok(lane: Lane, since: datetime | None, why: str) -> dict[str, Any]:
    return {"ok": False, "lane": lane.phase, "since": since.isoformat() if since else None, "why": why}
