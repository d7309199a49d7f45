"""Links for a whole file of profiles: read, minted, and written to Synerise in batches."""
