"""Files of consents, brought into the console: looked at first, then taken in, and taken back where they were a mistake."""
