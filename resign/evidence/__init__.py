"""What can be shown of a decision years later."""
