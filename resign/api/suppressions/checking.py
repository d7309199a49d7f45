"""`/api/v1/suppressions`: one look at the ledger answers for all who were named."""

from collections.abc import Sequence

from flask import Response

from resign.api.desk import desk, holder
from resign.api.problems import Refused
from resign.api.suppressions.models import Suppression, SuppressionAsked, Suppressions, SuppressionsAsked
from resign.api.taken import JSON, MOST_BYTES_OF_MANY, body, query
from resign.api.who import WhoOrDigest, is_digest
from resign.ledger.hashed import plain_hash
from resign.ledger.suppression import Recipient, out
from resign.profile import BadProfile, Profile

_NOBODY = Suppression(suppressed=True, why="nobody", since=None, digest=None)


def check_suppressions() -> Response:
    asked = body(SuppressionsAsked, MOST_BYTES_OF_MANY)
    _known(asked.agreement)
    results = _checked([_recipient(each) for each in asked.profiles], asked.agreement)
    return Response(Suppressions(results=results).model_dump_json(), mimetype=JSON)


def check_suppression(digest: str) -> Response:
    """By digest alone: an address does not belong into an address line, which ends up in logs."""
    asked = query(SuppressionAsked)
    _known(asked.agreement)
    if not is_digest(digest):
        raise Refused("not-found")
    [result] = _checked([Recipient(digest)], asked.agreement)
    return Response(result.model_dump_json(), mimetype=JSON)


def _known(agreement: str) -> None:
    if agreement not in desk().agreements():
        raise Refused("unknown-agreement")


def _recipient(who: WhoOrDigest) -> Recipient | None:
    """None where it can be nobody's identifier: then nobody is there to be mailed, and the others go through."""
    kind, value = who.given
    if kind == "digest":
        return Recipient(value)
    try:
        profile = Profile.of(kind, value)
    except BadProfile:
        return None
    return Recipient(
        profile.digest(desk().digest_key()), plain_hash(profile.value) if kind == "email" else None
    )


def _checked(recipients: Sequence[Recipient | None], agreement: str) -> list[Suppression]:
    known = [each for each in recipients if each is not None]
    with desk().database.reading() as session:
        found = out(session, holder().workspace, known, agreement) if known else {}
    results = []
    for each in recipients:
        if each is None:
            results.append(_NOBODY)
            continue
        why = found.get(each)
        results.append(
            Suppression(
                suppressed=why is not None,
                why=why.why if why else None,
                since=why.since if why else None,
                digest=each.digest,
            )
        )
    return results
