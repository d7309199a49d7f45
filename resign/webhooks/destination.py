"""An address that is posted to for every decision, as a destination of the outbox."""

import ssl
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import httpx

from resign.clock import Clock
from resign.ledger.requested import is_request
from resign.outbox.contract import Accepted, Busy, Message, Misconfigured, Outcome, Unreachable
from resign.outward.addresses import NotAllowed, Resolve
from resign.outward.client import outward_client
from resign.outward.signing import key_of, signed
from resign.settings.destinations import WebhookTo
from resign.webhooks.answered import outcome_of
from resign.webhooks.payload import number_of, payload, test_number, test_payload

# A whole call, from the look-up of the name to the last byte of the answer (Standard Webhooks: 15 to 30 seconds).
_SECONDS = 15.0
_CONTENT_TYPE = "application/json"


class WebhookDestination:
    """Threads may share it. It cannot be read back: what it took is `delivered`, and never called confirmed.

    `certificates` and `resolve` stand in for the world's in tests.
    """

    confirms = False
    settles_within = timedelta(0)
    at_once: int | None = 4
    gives_up_after: timedelta | None = timedelta(days=3)

    def __init__(
        self,
        workspace: str,
        to: WebhookTo,
        clock: Clock,
        *,
        certificates: ssl.SSLContext | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        self.name = to.name
        self.system = to.name
        self._workspace, self._to, self._clock = workspace, to, clock
        self._keys = [key_of(secret) for secret in to.secrets]
        self._client = outward_client(
            to.url, to.networks, seconds=_SECONDS, certificates=certificates, resolve=resolve
        )

    def hears_of(self, agreement: str) -> bool:
        """Of what was only asked for only where that is named: a receiver could take it for a consent."""
        if not self._to.agreements:
            return not is_request(agreement)
        return agreement in self._to.agreements

    def parcels(self, messages: Sequence[Message]) -> list[list[Message]]:
        """One request for each: the receiver answers for one decision, and its answer holds for no other."""
        return [[message] for message in messages]

    def deliver(self, parcel: Sequence[Message]) -> Outcome:
        [message] = parcel
        return self._post(number_of(message), payload(message, self._workspace))

    def read_back(self, message: Message) -> Outcome:  # noqa: ARG002 - nothing is there to be read
        return Accepted()

    def test(self, number: UUID) -> Outcome:
        """Posts something about nobody, signed like all else."""
        return self._post(test_number(number), test_payload(self._workspace, self._clock.now()))

    def close(self) -> None:
        self._client.close()

    def _post(self, number: str, body: bytes) -> Outcome:
        now = self._clock.now()
        headers = {"Content-Type": _CONTENT_TYPE} | signed(self._keys, number, int(now.timestamp()), body)
        try:
            with self._client.stream("POST", self._to.url, content=body, headers=headers) as response:
                return outcome_of(response, self._to.ok, now)
        except NotAllowed as refused:
            return Misconfigured(str(refused))
        except httpx.TimeoutException:
            return Unreachable("it did not answer in time")
        except httpx.ConnectError as fault:
            return Unreachable(_unconnected(fault))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as fault:
            return Unreachable(f"the call failed: {type(fault).__name__}")


def said(outcome: Outcome) -> str:
    """In words, for whoever pressed the button. Never what the receiver wrote."""
    match outcome:
        case Accepted():
            return "it took it"
        case Busy(after, reason):
            return f"{reason}, and asks to come back in {after.total_seconds():.0f} s" if after else reason
        case _:
            return getattr(outcome, "reason", "") or type(outcome).__name__


def _unconnected(fault: httpx.ConnectError) -> str:
    """The system's words may hold the address; a few sorts are told apart, because they are mended in different places."""
    cause: BaseException | None = fault
    while cause is not None:
        text = str(cause).lower()
        if "certificate" in text:
            return "its certificate does not hold for its name, or is not trusted here"
        if "name was not found" in text:
            return "its name was not found"
        cause = cause.__cause__ or cause.__context__
    return "it cannot be reached"
