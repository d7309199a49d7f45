"""What the surfaces share: the headers of every public answer, and limits for strangers."""
