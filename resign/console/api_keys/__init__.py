"""For operators: keys of other systems to the API, made, replaced and ended."""
