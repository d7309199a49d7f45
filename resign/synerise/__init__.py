"""How Synerise is told of a decision, and how it is asked whether the decision took effect."""

from resign.synerise.check import Finding, check
from resign.synerise.destination import AttributesDestination, SyneriseDestination
from resign.synerise.sign_up import SignUpDestination

__all__ = ["AttributesDestination", "Finding", "SignUpDestination", "SyneriseDestination", "check"]
