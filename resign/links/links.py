"""Mints tokens with the newest key of a workspace and opens those of any key in any workspace's ring."""

import re
from collections.abc import Iterable

from resign.links.key import Key
from resign.links.link import SCOPE, BadLink, Link, pack, unpack
from resign.profile import Profile
from resign.settings import Workspace

_PURPOSE = "optout"
# A token is about 2 * 43 characters and a third more than its address; nothing we minted is longer than this.
_MOST_CHARACTERS = 1200
# Checked first, because base64 decoders skip what is not theirs: a token must not carry a stranger's text about.
_SHAPE = re.compile(r"[A-Za-z0-9_-]{1,8}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class Links:
    """The key rings of all workspaces. Holds no state: the same settings mint and open the same tokens."""

    def __init__(self, workspaces: Iterable[Workspace]) -> None:
        self._newest: dict[str, Key] = {}
        self._by_id: dict[str, list[tuple[str, Key]]] = {}
        for workspace in workspaces:
            for key_id, secret in workspace.keys:
                key = Key(key_id, secret, purpose=_PURPOSE, workspace=workspace.name)
                self._newest[workspace.name] = key
                self._by_id.setdefault(key_id, []).append((workspace.name, key))

    def mint(self, workspace: str, profile: Profile, scope: str = SCOPE) -> str:
        """The token: at most 200 characters for identifiers of up to 90 bytes, longer for the rare longer ones.

        It never expires and is never single-use; a mail may be opened years later, and more than once.
        """
        return self._newest[workspace].close(pack(profile, scope))

    def mint_by(self, key_id: str | None, workspace: str, profile: Profile, scope: str = SCOPE) -> str:
        """The token as the key of that name made it; the newest key's where no such key is left."""
        keys = dict(self._by_id.get(key_id or "", ()))
        return keys.get(workspace, self._newest[workspace]).close(pack(profile, scope))

    def open(self, token: str) -> Link:
        """The claims, or BadLink. Identity is what was sealed, never the token's text: base64 has several
        spellings of the last character, and all of them open to the same profile.
        """
        if len(token) > _MOST_CHARACTERS or not _SHAPE.fullmatch(token):
            raise BadLink
        key_id = token.partition(".")[0]
        for workspace, key in self._by_id.get(key_id, ()):
            try:
                profile, scope = unpack(key.open(token))
            except BadLink:
                continue
            return Link(workspace, profile, scope, key_id)
        raise BadLink
