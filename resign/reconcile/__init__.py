"""Compares what the ledger holds with what Synerise holds, and tells again where they drifted apart."""
