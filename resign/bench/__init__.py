"""`resign bench`: what resign costs, each figure as a ratio to the barest thing that does the same work."""
