"""The settings: a table, read once, checked whole. Nothing else looks at the environment."""

from resign.settings.model import SETTINGS, Setting, Settings, Workspace
from resign.settings.read import BadSettings, load, load_from_environment

__all__ = ["SETTINGS", "BadSettings", "Setting", "Settings", "Workspace", "load", "load_from_environment"]
