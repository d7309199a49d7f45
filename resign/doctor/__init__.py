"""Looks at everything that must be right before the first mail; takes a link or a mail apart. Changes nothing."""
