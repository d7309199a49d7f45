"""The search box and what it finds, for whoever looks after people."""
