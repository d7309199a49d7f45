"""The way in and out: signing in, the second factor, one's own account, and a form that has to wait for either."""
