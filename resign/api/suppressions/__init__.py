"""May somebody be mailed? For senders, one recipient or a thousand at a time."""
