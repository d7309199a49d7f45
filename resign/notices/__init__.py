"""What Synerise tells us of its own accord: kept as it came, then weighed against the ledger."""
