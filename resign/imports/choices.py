"""Words by which systems say that somebody is out or in, in the languages of those who wrote them."""

import unicodedata

OPT_OUT = frozenset(
    """
    opt-out optout opted-out opted_out unsubscribed unsubscribe unsub resigned off no n false 0 none never denied deny
    revoked withdrawn disabled inactive blocklisted blacklisted nie wypisany wypisana rezygnacja brak nein abgemeldet non
    """.split()
)
OPT_IN = frozenset(
    """
    opt-in optin opted-in opted_in subscribed subscribe sub on yes y true 1 granted given agreed agree accepted confirmed
    enabled active tak zapisany zapisana zgoda ja angemeldet oui
    """.split()
)


def folded(text: str) -> str:
    """What makes two spellings one value: compatible letters, no case, no blanks around it."""
    return unicodedata.normalize("NFKC", text).strip().casefold()
