"""Every address of the API, in one table: what it takes and answers, and which scope it asks for."""

from resign.api.consents import Consents, ConsentsAsked, ConsentsLookedUp, look_up_consents, show_consents
from resign.api.decisions.bulk import LineAnswered, write_decisions
from resign.api.decisions.models import DecisionsAsked, DecisionsPage, NewDecision, WholeDecision, Written
from resign.api.decisions.reading import list_decisions, show_decision
from resign.api.decisions.writing import write_decision
from resign.api.described import Description, ProblemTypes, show_description, show_problems
from resign.api.destinations import Destinations, list_destinations
from resign.api.links import LinksAsked, LinksMinted, mint_links
from resign.api.route import Route
from resign.api.suppressions.checking import check_suppression, check_suppressions
from resign.api.suppressions.models import Suppression, SuppressionAsked, Suppressions, SuppressionsAsked

_BODY = ("malformed", "too-large", "unsupported-media-type", "invalid")
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
        "every destination hears of it but the system that it came from (the key's origin). That one hears of its own opt-out "
        "only where the last that it was told of the person is an opt-in, which may still be on its way.",
        scope="decisions:write",
        body=NewDecision,
        answers={201: Written, 200: Written},
        problems=(*_BODY, *_REFUSED),
        repeatable=True,
    ),
    Route(
        method="POST",
        path="/api/v1/decisions/bulk",
        view=write_decisions,
        summary="Record many decisions",
        description="One JSON object a line, and for each line that is not blank one line in the answer, in their order. A bad "
        "line is its own problem. Up to 50,000 lines of up to 16 KiB. Lines are recorded while more arrive, and answered when "
        "the body has ended; after a break in between send everything again: what was recorded is `known` then. An `Idempotency-Key` is not looked at.",
        scope="decisions:write",
        body=NewDecision,
        answers={200: LineAnswered},
        problems=("malformed", "unsupported-media-type"),
        by_lines=True,
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
        path="/api/v1/consents",
        view=show_consents,
        summary="A profile's consents",
        description="Where a profile stands on each agreement, by the digest of its identifier.",
        scope="consents:read",
        query=ConsentsAsked,
        answers={200: Consents},
        problems=("bad-query",),
    ),
    Route(
        method="POST",
        path="/api/v1/consents/lookup",
        view=look_up_consents,
        summary="A profile's consents, by an identifier",
        description="The same for whoever has an identifier, which does not belong into an address line.",
        scope="consents:read",
        body=ConsentsLookedUp,
        answers={200: Consents},
        problems=_BODY,
    ),
    Route(
        method="POST",
        path="/api/v1/suppressions/check",
        view=check_suppressions,
        summary="Who must not be mailed",
        description="For senders, before each mailing: opt-outs, stops of everything, and lists of hashes. Up to 512 KiB.",
        scope="suppressions:check",
        body=SuppressionsAsked,
        answers={200: Suppressions},
        problems=(*_BODY, "unknown-agreement"),
    ),
    Route(
        method="GET",
        path="/api/v1/suppressions/{digest}",
        view=check_suppression,
        summary="Must this one not be mailed?",
        description="The same for one, by the keyed digest of an identifier.",
        scope="suppressions:check",
        query=SuppressionAsked,
        answers={200: Suppression},
        problems=("not-found", "bad-query", "unknown-agreement"),
        names={"digest": "The keyed digest, 32 hexadecimal digits."},
    ),
    Route(
        method="POST",
        path="/api/v1/links",
        view=mint_links,
        summary="Links for profiles",
        description="The same profile gets the same link every time, and it never expires. Up to 512 KiB.",
        scope="links:write",
        body=LinksAsked,
        answers={200: LinksMinted},
        problems=_BODY,
    ),
    Route(
        method="GET",
        path="/api/v1/destinations",
        view=list_destinations,
        summary="Destinations",
        description="Synerise, every webhook and every feed: what is owed, since when, and what holds it up.",
        scope="destinations:read",
        answers={200: Destinations},
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
