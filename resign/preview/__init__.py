"""A theme's folder in a browser on the same machine: every page as a sample person would see it, while it is edited."""
