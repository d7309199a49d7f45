"""Taking a search or a report out of the console as a file."""
