"""Signing in by an identity provider of the company's own: OpenID Connect, authorization code with PKCE."""
