"""`POST /api/v1/links`: a link for each profile, for whoever fills in their mails themselves. The same one every time."""

from typing import Annotated

from flask import Response
from pydantic import Field

from resign.api.desk import desk, holder
from resign.api.model import Answered, Asked
from resign.api.taken import JSON, MOST_BYTES_OF_MANY, body
from resign.api.who import Who
from resign.profile import BadProfile

MOST = 1_000


class LinksAsked(Asked):
    """Who is to have a link."""

    profiles: Annotated[list[Who], Field(min_length=1, max_length=MOST)] = Field(
        description="Up to a thousand."
    )


class LinkMinted(Answered):
    """One profile's link."""

    url: str | None = Field(description="The page's address, for `List-Unsubscribe` and the mail's foot.")
    token: str | None = Field(description="The same without the address, for a profile attribute.")
    preferences: str | None = Field(description="The preference centre's address.")
    problem: str | None = Field(description="Why there is none: this can be no identifier. Otherwise null.")


class LinksMinted(Answered):
    """One answer for each, in the order in which they were asked."""

    links: list[LinkMinted] = Field(description="One for each profile, in their order.")


def mint_links() -> Response:
    asked = body(LinksAsked, MOST_BYTES_OF_MANY)
    links = [_minted(each) for each in asked.profiles]
    return Response(LinksMinted(links=links).model_dump_json(), mimetype=JSON)


def _minted(who: Who) -> LinkMinted:
    try:
        token = desk().links.mint(holder().workspace, who.profile())
    except BadProfile as fault:
        return LinkMinted(url=None, token=None, preferences=None, problem=str(fault))
    url = desk().url()
    return LinkMinted(url=f"{url}/u/{token}", token=token, preferences=f"{url}/p/{token}", problem=None)
