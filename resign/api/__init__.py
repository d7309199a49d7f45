"""The API at `/api/v1`: decisions, consents, suppressions, links and destinations for other systems."""
