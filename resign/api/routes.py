"""Every address of the API, in one table: what it takes and answers, and which scope it asks for."""

from resign.api.decisions.models import DecisionsAsked, DecisionsPage, NewDecision, WholeDecision, Written
from resign.api.decisions.reading import list_decisions, show_decision
from resign.api.decisions.writing import write_decision
from resign.api.described import Description, ProblemTypes, show_description, show_problems
from resign.api.route import Route

_REFUSED = ("opted-out", "no-evidence", "suppressed", "future", "unknown-agreement")

ROUTES = (
    Route(
        method="GET",
        path="/api/v1/decisions",
        view=list_decisions,
        summary="Decisions",
        description='What people decided, page by page. Follow `Link: rel="next"`, or `next` in the body.',
        scope="decisions:read",
        query=DecisionsAsked,
        answers={200: DecisionsPage},
        problems=("bad-query", "bad-cursor"),
    ),
    Route(
        method="POST",
        path="/api/v1/decisions",
        view=write_decision,
        summary="Record a decision",
        description="Weighed against what is known: the opt-out wins. It is on durable storage before 201 is answered, and "
        "every destination hears of it but the system that it came from (the key's origin).",
        scope="decisions:write",
        body=NewDecision,
        answers={201: Written, 200: Written},
        problems=("malformed", "too-large", "unsupported-media-type", "invalid", *_REFUSED),
        repeatable=True,
    ),
    Route(
        method="GET",
        path="/api/v1/decisions/{decision}",
        view=show_decision,
        summary="One decision",
        description="With what every destination has heard of it, and when.",
        scope="decisions:read",
        answers={200: WholeDecision},
        problems=("not-found",),
        names={"decision": "The decision's id."},
    ),
    Route(
        method="GET",
        path="/api/v1/openapi.json",
        view=show_description,
        summary="This description",
        description="OpenAPI 3.1.",
        scope=None,
        answers={200: Description},
    ),
    Route(
        method="GET",
        path="/api/v1/problems",
        view=show_problems,
        summary="Types of problems",
        description="What `type` of a problem may be, and what each means.",
        scope=None,
        answers={200: ProblemTypes},
    ),
)  # fmt: skip
