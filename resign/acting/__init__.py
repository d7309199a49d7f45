"""What support staff do for a person: each act with its basis, written down beside what it does."""
