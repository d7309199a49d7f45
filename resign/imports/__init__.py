"""Consents that another system gives us as a file."""
