"""How a push is known again: the same content, for the same Synerise, would write the same tokens."""

import hashlib
from typing import BinaryIO

from resign.links import Links
from resign.profile import Profile
from resign.settings.model import Workspace

_DIGITS = 32
# Whatever changes a token changes this one: the workspace's name, the newest key's id, its secret.
_PROBE = Profile("customId", "resign-links-push")


def identity(stream: BinaryIO, workspace: Workspace, links: Links, *further: str) -> str:
    """32 hexadecimal digits. The file is read once for it and wound back: a name, a size and a time can stay the same when the
    content does not, and the content can stay the same when they do not.

    `further` is whatever else makes it another push, such as which columns are read.
    """
    content = hashlib.file_digest(stream, "blake2b").hexdigest()  # type: ignore[arg-type]
    stream.seek(0)
    parts = (
        content,
        links.mint(workspace.name, _PROBE),
        workspace.link_attribute,
        # A trial against the sandbox must not count as done for the real Synerise.
        workspace.synerise_url,
        workspace.synerise_api_key,
        workspace.synerise_emails,
        *further,
    )
    return hashlib.blake2b("\0".join(parts).encode()).hexdigest()[:_DIGITS]
