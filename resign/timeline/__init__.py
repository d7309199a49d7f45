"""One person's whole story: what they decided, who was told and what came back, what Synerise said of its own accord."""
