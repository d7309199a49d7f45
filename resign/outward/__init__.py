"""The way out to addresses that somebody typed: only to the public internet, unless the settings say otherwise."""
