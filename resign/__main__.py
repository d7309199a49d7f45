"""`python -m resign`: the same as the `resign` command."""

from resign.cli import main

main()
