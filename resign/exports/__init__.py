"""What somebody takes out of the console as a file: written by the worker in the background, kept for a day."""
