"""“Prove it”: a page for paper and a file, with addresses in clear, for one decision or for all of a person's."""

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response, render_template, request, stream_template
from werkzeug.wrappers import Response as Answer

from resign.console.access import may, who
from resign.console.desk import desk
from resign.console.guard import check_mark
from resign.console.noting import noted
from resign.console.person import deeds
from resign.console.person.opening import story_of
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.evidence.file import as_json
from resign.evidence.proof import Made, Proof, proof
from resign.timeline.story import Timeline

blueprint = Blueprint("proving", "resign.console")
_LUMP = 32 * 1024


@blueprint.get("/console/people/<workspace>/<digest>/proof")
@may("support")
def ask(workspace: str, digest: str) -> str:
    """Says what will be in it; nothing is in clear yet."""
    with desk().database.reading() as session:
        story = story_of(session, workspace, digest)
    only = _only(request.args.get("decision"))
    return render_template(
        "person/prove.html", workspace=workspace, digest=digest, masked=story.identities[0].masked, only=only
    )


@blueprint.post("/console/people/<workspace>/<digest>/proof")
@may("support")
def prove(workspace: str, digest: str) -> Answer:
    """Answered with the proof itself: it is in clear, so it stands behind no address.

    Whole, however long it is, in flat memory; its end says that it is one.
    """
    check_mark()
    only = _only(request.form.get("decision"))
    as_file = request.form.get("as") == "file"
    with desk().database.reading() as session:
        story = story_of(session, workspace, digest)
    found = _proof(workspace, story, only)
    if found is None:
        raise Problem(404, mark("There is no decision here to be proved."))
    noted(
        "proved", workspace=workspace, subject=digest, kind="file" if as_file else "paper",
        decisions=found.decision_count, **({"reference": found.newest} if only else {}),
    )  # fmt: skip
    if as_file:
        name = f"proof-{found.newest}.json"
        return Response(
            as_json(found, desk().workspaces[workspace].digest_key.encode()),
            content_type="application/json; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )  # fmt: skip
    page = stream_template(
        "person/proof.html", workspace=workspace, digest=digest, proof=found, only=only, deeds=deeds
    )
    return Response(_in_lumps(page), content_type="text/html; charset=utf-8")


def _in_lumps(texts: Iterator[str]) -> Iterator[bytes]:
    """A template gives words and tags one by one; each would be a packet of its own."""
    lump, size = [], 0
    for text in texts:
        lump.append(text)
        size += len(text)
        if size >= _LUMP:
            yield "".join(lump).encode()
            lump, size = [], 0
    yield "".join(lump).encode()


def _proof(workspace: str, story: Timeline, only: UUID | None) -> Proof | None:
    digests = [each.digest for each in story.identities]
    made = Made(by=who().name, at=desk().clock.now())
    settings = desk().workspaces[workspace]
    return proof(desk().database.reading, settings, digests, desk().links, desk().catalogues, made, only=only)


def _only(given: str | None) -> UUID | None:
    """Raises Problem for what names no decision."""
    if not given:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise Problem(404, mark("There is no decision here to be proved.")) from None
