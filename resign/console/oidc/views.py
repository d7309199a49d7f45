"""Sends a browser to the identity provider, and signs in whoever comes back with its word."""

import logging
from typing import TYPE_CHECKING

from flask import Blueprint, after_this_request, redirect, request
from werkzeug.wrappers import Response as Answer

from resign.console import cookie
from resign.console.access import anybody
from resign.console.desk import desk
from resign.console.door.steps import arrived, take_session, wanted
from resign.console.oidc import under_way
from resign.console.oidc.identity import Identity, NotProven, OutOfReach
from resign.console.oidc.under_way import UnderWay
from resign.console.origin import asked_origin
from resign.console.problems import Problem
from resign.console.spoken import mark
from resign.staff.federated import welcome

if TYPE_CHECKING:
    from resign.console.oidc.provider import Provider

log = logging.getLogger(__name__)

blueprint = Blueprint("oidc", "resign.console")

_CALLBACK = "/console/sign-in/oidc/callback"
_AWAY = mark("The identity provider does not answer. Try again in a moment, or sign in with a password.")
_NOT_BEGUN = mark("This sign-in was not begun in this browser, or too long ago. Begin it again.")
_NOT_PROVEN = mark("What the identity provider said could not be verified. Begin the sign-in again.")


@blueprint.get("/console/sign-in/oidc")
@anybody
def begin() -> Answer:
    provider, now = _provider(), desk().clock.now()
    begun = under_way.fresh(wanted(), now)
    try:
        there = provider.address(begun.begun, asked_origin() + _CALLBACK)
    except OutOfReach as why:
        raise _away(why) from None
    return under_way.keep(redirect(there, 303), begun)


@blueprint.get(_CALLBACK)
@anybody
def come_back() -> Answer:
    provider, now = _provider(), desk().clock.now()
    after_this_request(under_way.drop)
    begun = under_way.found(request.args.get("state", ""), now)
    if begun is None:
        raise Problem(400, _NOT_BEGUN)
    identity = _identity(provider, begun)
    with desk().database.writing() as session:
        account = welcome(session, identity.issuer, identity.subject, identity.called, identity.grants, now)
        session.commit()
    if account is None:
        raise Problem(403, mark("None of your groups has a role here, or your account was disabled."))
    token = take_session(account.id, "full", "the identity provider")
    return cookie.keep(arrived(begun.to, ""), token)


def _identity(provider: "Provider", begun: UnderWay) -> Identity:
    if "code" not in request.args:
        raise Problem(403, mark("The identity provider did not let you in."))
    # Another provider's answer, brought here to be redeemed at ours (RFC 9207).
    if request.args.get("iss", provider.issuer) != provider.issuer:
        raise Problem(403, _NOT_PROVEN)
    try:
        return provider.identity(
            request.args["code"], begun.begun, asked_origin() + _CALLBACK, desk().clock.now()
        )
    except OutOfReach as why:
        raise _away(why) from None
    except NotProven as why:
        log.warning("What the identity provider said proves nothing (%s)", why)
        raise Problem(403, _NOT_PROVEN) from None


def _provider() -> "Provider":
    """Raises Problem where there is none, or this network has tried too often: each try asks the provider."""
    provider = desk().provider
    if provider is None:
        raise Problem(404, mark("There is no page here."))
    if desk().sign_ins.wait(request.remote_addr, desk().clock.now()):
        raise Problem(429, mark("Too many sign-ins were tried from your network. Wait a minute."))
    return provider


def _away(why: OutOfReach) -> Problem:
    log.error("The identity provider cannot be used (%s)", why)
    return Problem(503, _AWAY)
