"""One box to find anybody and anything in the ledger: what was typed, what is looked up, and the index that it needs."""
