"""Themes in the browser: a draft, its preview beside it, publishing and rolling back."""
