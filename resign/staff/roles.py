"""What somebody may do, and in which workspaces. What is not granted is denied."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

# support: search, see, act for a person. marketer: reports, themes. operator: deliveries, keys, settings seen.
# admin: the staff themselves, and nothing else.
Role = Literal["support", "marketer", "operator", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
EVERYWHERE = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Somebody who is signed in. `grants`: the roles by workspace; `EVERYWHERE` stands for all there are, and will be."""

    id: int
    name: str
    grants: Mapping[str, frozenset[Role]]

    def may(self, roles: Collection[Role], workspace: str) -> bool:
        """Whether one of the roles is theirs in that workspace."""
        return not self.roles_in(workspace).isdisjoint(roles)

    def may_somewhere(self, roles: Collection[Role]) -> bool:
        return any(not granted.isdisjoint(roles) for granted in self.grants.values())

    def roles_in(self, workspace: str) -> frozenset[Role]:
        return self.grants.get(EVERYWHERE, frozenset()) | self.grants.get(workspace, frozenset())

    def those(self, roles: Collection[Role], workspaces: Collection[str]) -> tuple[str, ...]:
        """Of these workspaces those in which one of the roles is theirs, in the order in which they came."""
        return tuple(workspace for workspace in workspaces if self.may(roles, workspace))
