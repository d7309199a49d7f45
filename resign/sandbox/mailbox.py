"""The mailbox: sends pretend campaign mails, shows them as a mail app would, and presses its button."""

from flask import Blueprint, Response, jsonify, make_response, redirect, request, url_for
from jinja2 import TemplateError
from werkzeug.exceptions import NotFound

from resign.paths import templates
from resign.sandbox.hooks import customer_of
from resign.sandbox.language import Killed, render
from resign.sandbox.loopback import NotLoopback, post
from resign.sandbox.mail import Mail
from resign.sandbox.present import Reply, here, json_object, show, text, wants_json, whole
from resign.sandbox.profiles import Profile
from resign.sandbox.world import World

_ALLOWED = (
    "email",
    "customId",
    "clientId",
    "subject",
    "campaign",
    "variant",
    "template",
    "one_click_url",
    "base_url",
    "override",
)
_FRAME = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)
_LINK = "{{ base_url }}/u/{{ customer.resign_token }}?c={{ campaign|urlencode }}"
_TEXT = "This mail has pictures and words in its HTML part.\n\nUnsubscribe: {{ link }}\n"

box = Blueprint("mailbox", "resign.sandbox", url_prefix="/sandbox/mailbox")


@box.errorhandler(ValueError)
@box.errorhandler(TemplateError)
def explain(fault: Exception) -> Reply:
    return jsonify(error=f"{type(fault).__name__}: {fault}"), 400


@box.errorhandler(Killed)
def killed(_fault: Killed) -> Reply:
    return jsonify(error="the template stopped this message", reason="killed"), 409


@box.post("")
def send() -> Reply:
    world = here()
    asked = json_object(_ALLOWED)
    with world.lock:
        world.settle()
        profile = world.profiles.lookup(asked)
        if profile is None:
            return jsonify(error="no such profile", reason="unknown"), 404
        if not world.agrees(profile) and asked.get("override") is not True:
            # Synerise limits the audience to agreeing profiles unless the sender overrides that.
            return jsonify(error="the marketing agreement is off", reason="no agreement"), 409
        mail = write(world, profile, asked)
        mail.raw()
        world.deliver(
            profile, mail, {"campaignName": mail.campaign, "variantName": text(asked, "variant", "A")}
        )
    return jsonify(mail.as_json()), 201


@box.get("")
def listing() -> Response:
    world = here()
    with world.lock:
        world.settle()
        newest = world.mails[::-1][: whole("limit", 100)]
        total = len(world.mails)
    return show("mailbox.html", {"total": total, "mails": [mail.as_json() for mail in newest]})


@box.get("/<int:number>")
def read(number: int) -> Response:
    return show("mail.html", find(number).as_json())


@box.get("/<int:number>/body")
def body(number: int) -> Response:
    response = make_response(find(number).html)
    response.headers["Content-Security-Policy"] = _FRAME
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@box.get("/<int:number>.eml")
def raw(number: int) -> Response:
    return Response(find(number).raw(), mimetype="message/rfc822")


@box.post("/<int:number>/one-click")
def press(number: int) -> Response:
    mail = find(number)
    status, said = one_click(mail)
    mail.one_click_answers.append((status, said))
    if wants_json() or "text/html" not in request.headers.get("Accept", ""):
        return jsonify(status=status, text=said, url=mail.one_click_url)
    return make_response(redirect(url_for("mailbox.read", number=number), 303))


def find(number: int) -> Mail:
    world = here()
    with world.lock:
        world.settle()
        if not 1 <= number <= len(world.mails):
            raise NotFound(f"There is no mail {number}.")
        return world.mails[number - 1]


def write(world: World, profile: Profile, asked: dict[str, object]) -> Mail:
    """Renders the mail for one profile. TemplateError, Killed or ValueError where it cannot be."""
    settings = world.settings
    customer = customer_of(profile, world.agrees(profile))
    campaign = text(asked, "campaign", "spring-letter")
    context: dict[str, object] = {
        "customer": customer,
        "campaign": campaign,
        "base_url": text(asked, "base_url", settings.base_url),
    }
    context["link"] = render(_LINK, context, escape=False)
    context["subject"] = render(text(asked, "subject", "Slow weekends, softer light"), context, escape=False)
    # Without a token the header would lead nowhere, so the default leaves it out.
    pressed = (
        text(asked, "one_click_url")
        if "one_click_url" in asked
        else "{{ link }}"
        if customer.get("resign_token")
        else ""
    )
    return Mail(
        number=len(world.mails) + 1,
        client_id=profile.client_id,
        to=str(customer["email"]),
        subject=str(context["subject"]),
        campaign=campaign,
        html=render(text(asked, "template", _newsletter()), context, escape=True),
        text=render(_TEXT, context, escape=False),
        one_click_url=render(pressed, context, escape=False),
        sent=world.clock(),
    )


def one_click(mail: Mail) -> tuple[int, str]:
    """RFC 8058 §3.1: a POST with one field, no cookies, no redirects; status 0 where nobody answered."""
    if not mail.one_click_url:
        raise NotLoopback("this mail has no List-Unsubscribe header")
    heard = post(
        mail.one_click_url,
        b"List-Unsubscribe=One-Click",
        {"Content-Type": "application/x-www-form-urlencoded"},
    )
    return heard.status, heard.text


def _newsletter() -> str:
    return (templates() / "sandbox" / "newsletter.html").read_text()
