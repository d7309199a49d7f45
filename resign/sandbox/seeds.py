"""Puts profiles in place at once, and switches an agreement the way Synerise's own side would."""

from resign.sandbox.changes import Changes, read_changes
from resign.sandbox.clients import identifies
from resign.sandbox.identifiers import whole_number
from resign.sandbox.profiles import Profile
from resign.sandbox.world import World


def plant(world: World, body: object) -> dict[str, object]:
    """Creates or updates profiles immediately, without events and without the API's ceilings. Hold the lock.

    A new profile has its e-mail agreement on unless the seed says otherwise: it stands for somebody who gets
    mail. ValueError names the first bad seed, and then nothing was planted.
    """
    listed = body.get("profiles") if isinstance(body, dict) else body
    if not isinstance(listed, list):
        raise ValueError('send an array of profiles, or {"profiles": [...]}')  # noqa: TRY004 - answered as 400
    seeds = [_read(world, number, item) for number, item in enumerate(listed)]
    ids = [_plant(world, client_id, changes) for client_id, changes in seeds]
    return {"profiles": len(world.profiles), "planted": len(ids), "clientIds": ids}


def switch(world: World, profile: Profile, asked: dict[str, object]) -> bool:
    """What happens without resign: a click on Synerise's own link, or somebody's hand in the interface.

    With a `method` (ONECLICK_LINK, ONECLICK_MAILTO) it is Synerise's List-Unsubscribe handling, which raises
    `newsletter.unsubscribe` first.
    """
    choice, method = asked.get("choice"), asked.get("method")
    if choice not in {"opt-in", "opt-out"}:
        raise ValueError('choice must be "opt-in" or "opt-out"')
    params: dict[str, object] = {}
    if method is not None:
        params = {
            "method": method,
            "campaignName": asked.get("campaign", ""),
            "variantName": asked.get("variant", ""),
        }
        world.emit(profile, "newsletter.unsubscribe", params)
    world.change(profile, world.switch(choice == "opt-in"), params)
    return world.agrees(profile)


def _read(world: World, number: int, item: object) -> tuple[int | None, Changes]:
    if not isinstance(item, dict):
        raise ValueError(f"profile {number} must be an object")  # noqa: TRY004 - answered as 400
    changes, errors = read_changes(item)
    client_id = whole_number(item.get("clientId"))
    if errors:
        raise ValueError(f"profile {number}: {errors[0].field}: {errors[0].message}")
    if client_id is None and not identifies(world, changes):
        raise ValueError(f"profile {number} names nobody")
    return client_id, changes


def _plant(world: World, client_id: int | None, changes: Changes) -> int:
    now = world.clock()
    profile = world.profiles.match(client_id, changes.identifiers)
    if profile is None:
        profile = world.profiles.create(now, client_id)
        if world.settings.emails == "unique":
            profile.agreements["email"] = True
        else:
            profile.attributes[world.settings.attribute] = "enabled"
    if world.settings.emails != "unique":
        changes.agreements.pop("email", None)
    world.profiles.change(profile, changes, now)
    return profile.client_id
