"""The public pages' look and text, rendered ahead of time with markers where a person's few values go."""

from resign.themes.brand import Brand
from resign.themes.page import Page
from resign.themes.pages import Pages
from resign.themes.sender import Sender

__all__ = ["Brand", "Page", "Pages", "Sender"]
