"""The settings as this console was started with them, to be looked at: they are changed where they are kept."""
