"""Where whoever tries to sign in comes from, as a digest under the console's key: no network address is kept anywhere."""

import hashlib
import hmac

from flask import request

from resign.console.desk import desk
from resign.web.networks import neighbourhood


def network() -> str:
    place = f"network {neighbourhood(request.remote_addr)}"
    return hmac.new(desk().secret, place.encode(), hashlib.sha256).hexdigest()
