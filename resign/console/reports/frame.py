"""What every page of reports and bursts stands on: the workspace's time zone, the day it is there, and the tabs."""

from datetime import date

from flask import render_template
from sqlalchemy.orm import Session

from resign.console.access import mine
from resign.console.desk import desk
from resign.console.reports import worded
from resign.console.reports.burst_page import STANDINGS
from resign.console.reports.kinds import KINDS
from resign.reports.progress import behind
from resign.reports.zones import Zones, stored_zones, zones_of
from resign.staff.roles import Role


class Frame:
    """Read beside the figures, in the same session."""

    def __init__(self, session: Session, workspace: str) -> None:
        zones = Zones(zones_of(desk().workspaces), stored_zones(session))
        self._workspace = workspace
        self.today: date = zones.day_of(workspace, desk().clock.now())
        self._stands = {
            "zone": zones.name_of(workspace),
            "moved": workspace in zones.changed(),
            "uncounted": behind(session),
        }

    def around(self, template: str, *roles: Role, **values: object) -> str:
        """`roles` are those that may see such a page, and so in which workspaces it is offered."""
        return render_template(
            f"reports/{template}.html",
            workspace=self._workspace,
            workspaces=mine(*roles),
            kinds=KINDS.values(),
            counted=worded,
            standings=STANDINGS,
            **self._stands,
            **values,
        )
