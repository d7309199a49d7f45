"""Takes one link apart: who it is for, which key vouches for it, and whether it leads here."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from resign.doctor.finding import Finding, well_if
from resign.links import BadLink, Links
from resign.settings import Settings


def examine_link(settings: Settings, text: str) -> Iterator[Finding]:
    """`text` is a whole address, or a token alone."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:  # an address so broken that it cannot even be split
        parts = urlsplit("")
    token = parts.path.rstrip("/").rpartition("/u/")[2].split("/")[0] if parts.netloc else text.strip()
    try:
        link = Links(settings.workspaces.values()).open(token)
    except BadLink:
        yield Finding(
            "ill", "the link cannot be read",
            "it was cut, changed on its way, or signed by a key that is not in the ring; compare it with the mail's source",
        )  # fmt: skip
        return
    yield Finding(
        "well", f"workspace {link.workspace}, profile {link.profile.masked()} ({link.profile.kind})"
    )
    yield Finding("well", f"it is for: {link.scope}")
    ring = [key_id for key_id, _ in settings.workspaces[link.workspace].keys]
    newest = ring[-1] == link.key_id
    yield Finding(
        "well", f"signed by key {link.key_id}, {'the newest' if newest else 'an older one that still opens'}"
    )
    if parts.netloc:
        here = f"{parts.scheme}://{parts.netloc}" == settings.base_url
        yield well_if(
            here, f"it leads to {parts.scheme}://{parts.netloc}", f"links are minted for {settings.base_url}"
        )
    again = Links(settings.workspaces.values()).mint(link.workspace, link.profile, link.scope)
    if newest and again != token:
        yield Finding(
            "mind", "it opens, but is spelled otherwise than we mint it", "something on the way re-encoded it"
        )
