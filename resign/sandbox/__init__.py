"""The pretend Synerise: as strict as the real one, so that everything runs on a laptop without an account."""

from resign.sandbox.app import create_sandbox
from resign.sandbox.settings import CustomAgreement, SandboxSettings

__all__ = ["CustomAgreement", "SandboxSettings", "create_sandbox"]
