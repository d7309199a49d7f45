"""Decisions by the API: written one at a time or many, and read."""
