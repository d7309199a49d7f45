"""Signed links: minted here or read here, and nobody else looks inside."""

from resign.links.link import SCOPE, BadLink, Confirming, Link, confirmed_by, confirming
from resign.links.links import Links

__all__ = ["SCOPE", "BadLink", "Confirming", "Link", "Links", "confirmed_by", "confirming"]
