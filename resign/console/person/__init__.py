"""A person's page: how they stand, their whole story, the page as they saw it, and the proof of it."""
