"""For those who run it: alive, ready, metrics."""
