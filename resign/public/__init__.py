"""The public pages: opt-out, one-click, undo. Nothing here sets a cookie, runs a script or answers with a redirect."""
