"""`/hooks/…`: where Synerise's outgoing integration tells us what happened there."""
