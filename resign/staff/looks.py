"""Deeds that only looked: they are in the list of deeds, and no part of what was done about a person."""

LOOKS = ("searched", "opened-person")
