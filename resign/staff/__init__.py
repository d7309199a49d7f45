"""Who works with the console: their roles, how they sign in, and what they did there."""
