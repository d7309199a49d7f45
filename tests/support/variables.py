"""The smallest environment with which resign starts."""

VARIABLES = {
    "RESIGN_KEYS": "k1:first-secret-of-the-tests,k2:second-secret-of-the-tests",
    "RESIGN_DIGEST_KEY": "digest-secret-of-the-tests",
    "RESIGN_SENDER": "Fjord & Fern",
    "RESIGN_CONTACT": "hello@fjordandfern.example",
    "RESIGN_SYNERISE_API_KEY": "5a3d5b0e-0000-4000-8000-000000000000",
}
