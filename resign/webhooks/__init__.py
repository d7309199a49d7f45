"""Outgoing webhooks: every decision, posted and signed, to a system that needs to know. No database, no Flask."""

from resign.webhooks.destination import WebhookDestination

__all__ = ["WebhookDestination"]
