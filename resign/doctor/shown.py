"""Text from outside, made fit for a terminal: a hostile link or mail must not move the cursor or flood the screen."""

_MOST = 100


def shown(text: str) -> str:
    """At most a hundred printable characters; whatever else there was is a question mark."""
    kept = "".join(
        letter if letter.isprintable() and not "\ud800" <= letter <= "\udfff" else "?"
        for letter in text[:_MOST]
    )
    return kept + "…" if len(text) > _MOST else kept
