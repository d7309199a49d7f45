"""What ends a benchmark before its time: something is missing, or did not start. The message says which."""


class BenchFault(Exception):
    """The figure cannot be taken; nothing is wrong with what was measured so far."""
