"""A file of consents, whatever it is written in, as rows of text: no database, and no more memory for a longer file."""

from resign.imports.reading.reading import read
from resign.imports.reading.recognising import recognise
from resign.imports.reading.shape import Reject, Row, Shape, Unreadable

__all__ = ["Reject", "Row", "Shape", "Unreadable", "read", "recognise"]
