"""Roles are granted by workspace or everywhere, and what is not granted is denied."""

from itertools import product

from resign.staff.roles import EVERYWHERE, ROLES, Staff


def somebody(**grants: set[str]) -> Staff:
    return Staff(id=1, name="mia", grants={place: frozenset(roles) for place, roles in grants.items()})


def test_without_a_grant_nothing_may_be_done():
    nobody = somebody()
    assert not [role for role in ROLES if nobody.may({role}, "shop") or nobody.may_somewhere({role})]


def test_a_role_is_of_its_workspace_alone():
    mia = somebody(shop={"support"})
    for role, workspace in product(ROLES, ("shop", "club")):
        assert mia.may({role}, workspace) == (role == "support" and workspace == "shop")
    assert mia.those({"support", "admin"}, ("club", "shop")) == ("shop",)


def test_everywhere_is_each_workspace_also_one_that_comes_later():
    mia = Staff(
        id=1, name="mia", grants={EVERYWHERE: frozenset({"marketer"}), "shop": frozenset({"support"})}
    )
    assert mia.may({"marketer"}, "new")
    assert not mia.may({"support"}, "new")
    assert mia.roles_in("shop") == {"marketer", "support"}
