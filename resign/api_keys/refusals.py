"""Why something about an API key was not done: each a whole sentence for whoever asked for it."""

BAD_NAME = "A key's name has 1 to 48 characters, without line ends or control characters."
NO_SCOPE = "Give the key at least one scope that there is."
BAD_ORIGIN = (
    "An origin is a system's name: up to 31 small letters, digits and hyphens. Synerise tells us by its hook."
)
BAD_END = "A key ends in the future, and within ten years."
ENDED = "This key has ended already. Add a new one."

SENTENCES = (BAD_NAME, NO_SCOPE, BAD_ORIGIN, BAD_END, ENDED)
