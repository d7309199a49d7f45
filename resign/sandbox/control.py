"""The strings that a test or a person pulls: faults, the automation, the API key, webhooks, seeds, a fresh start."""

# Everything under /sandbox/ that changes something: JSON in, JSON out, and no log-in, because it is a sandbox.

from flask import Blueprint, jsonify, request

from resign.sandbox.fault_form import DEED
from resign.sandbox.hook import ALLOWED
from resign.sandbox.present import Reply, here, json_object
from resign.sandbox.seeds import plant, switch

board = Blueprint("control", "resign.sandbox", url_prefix="/sandbox")


@board.errorhandler(ValueError)
def explain(fault: ValueError) -> Reply:
    return jsonify(error=str(fault)), 400


@board.post("/faults")
def add_fault() -> Reply:
    world = here()
    asked = json_object()
    fault = world.faults.add(asked)
    if asked.get(DEED) is True:
        world.tokens.expire_all()
    return jsonify(fault.as_json()), 201


@board.delete("/faults")
def clear_faults() -> Reply:
    world = here()
    return jsonify(removed=world.faults.remove()), 200


@board.delete("/faults/<int:number>")
def clear_fault(number: int) -> Reply:
    world = here()
    removed = world.faults.remove(number)
    return jsonify(removed=removed), 200 if removed else 404


@board.post("/automation")
def set_automation() -> Reply:
    world = here()
    running = json_object(("running",)).get("running")
    if not isinstance(running, bool):
        raise ValueError('send {"running": true} or {"running": false}')  # noqa: TRY004 - answered as 400
    with world.lock:
        world.settle()
        world.automation.running = running
        return jsonify(world.automation.as_json()), 200


@board.post("/key")
def edit_key() -> Reply:
    world = here()
    wanted = json_object()
    with world.lock:
        world.key.edit(wanted)
        return jsonify(world.key.as_json()), 200


@board.post("/options")
def set_options() -> Reply:
    world = here()
    wanted = json_object()
    with world.lock:
        world.settle()
        world.options.edit(wanted)
        return jsonify(world.options.as_json()), 200


@board.post("/webhooks")
def add_webhook() -> Reply:
    world = here()
    return jsonify(world.hooks.add(json_object(ALLOWED)).as_json()), 201


@board.delete("/webhooks")
def clear_webhooks() -> Reply:
    world = here()
    world.hooks.clear()
    return jsonify(webhooks=[]), 200


@board.post("/profiles")
def seed() -> Reply:
    world = here()
    planted = request.get_json(force=True, silent=True)
    with world.lock:
        world.settle()
        return jsonify(plant(world, planted)), 201


@board.delete("/profiles")
def start_afresh() -> Reply:
    world = here()
    world.reset()
    return jsonify(profiles=0), 200


@board.post("/profiles/<int:client_id>/agreement")
def switch_agreement(client_id: int) -> Reply:
    world = here()
    asked = json_object(("choice", "method", "campaign", "variant"))
    with world.lock:
        world.settle()
        profile = world.profiles.by_id(client_id)
        if profile is None:
            return jsonify(error=f"no profile {client_id}"), 404
        on = switch(world, profile, asked)
    return jsonify(clientId=client_id, agreement="enabled" if on else "disabled"), 200


@board.delete("/requests")
def clear_requests() -> Reply:
    world = here()
    world.requests.clear()
    return jsonify(total=0), 200
