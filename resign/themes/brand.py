"""What a workspace brings to its pages besides its look: who sends, what can be agreed to, and what is asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from resign.themes.sender import Sender

# The reasons that are offered where a workspace names none; their texts are in the catalogues.
REASONS = ("too-many", "not-relevant", "never-asked", "other-address")
# Synerise's native e-mail agreement, which every workspace has; its texts are in the catalogues too.
NEWSLETTER = "newsletter"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Texts by language; the workspace's own language stands in for those that are missing."""

    texts: Mapping[str, str]
    fallback: str

    def __call__(self, language: str) -> str:
        return (
            self.texts.get(language) or self.texts.get(self.fallback) or next(iter(self.texts.values()), "")
        )


@dataclass(frozen=True, slots=True)
class OfferedAgreement:
    """One custom agreement as the preference centre offers it."""

    name: str
    title: Spoken
    help: Spoken


@dataclass(frozen=True, slots=True)
class Brand:
    """`agreements` are the custom ones; with none there is no preference centre. `pauses` are months.

    `reasons` by code; a code without texts is one of REASONS. `double_opt_in`: what is switched on is confirmed by mail.
    """

    sender: Sender
    agreements: tuple[OfferedAgreement, ...] = ()
    pauses: tuple[int, ...] = ()
    reasons: Mapping[str, Spoken | None] | None = None
    double_opt_in: bool = True

    @property
    def asked(self) -> Mapping[str, Spoken | None]:
        return dict.fromkeys(REASONS) if self.reasons is None else self.reasons
