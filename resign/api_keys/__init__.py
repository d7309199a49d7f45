"""Keys of other systems to the API: made, rotated, revoked; and what was answered to whom, so that it can be said again."""
