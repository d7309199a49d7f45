"""The headers that every public answer carries, errors included (requirements F)."""

_ALWAYS = (
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
    ("X-Robots-Tag", "noindex, nofollow"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "interest-cohort=()"),
)
# For answers that are not a page of ours: nothing may be loaded, framed or sent from them.
STRICTEST = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def public_headers(csp: str = STRICTEST) -> list[tuple[str, str]]:
    """A fresh list, to be completed by the answer's own headers."""
    return [*_ALWAYS, ("Content-Security-Policy", csp)]
