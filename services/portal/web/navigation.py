"""The menu: what a person of this kind of organisation, in these roles, works with. It hides what would be refused.

Words and icons stand in templates/menu.html, by the item's name; here is only who sees what.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from libs.codelists import OrganisationKind, Role

if TYPE_CHECKING:
    from services.portal.web.page import Page

FIELD = (OrganisationKind.NGO_SERVICE, OrganisationKind.NGO_OTHER, OrganisationKind.MUNICIPALITY)
CASE_ROLES = (
    Role.OUTREACH_WORKER,
    Role.KEY_WORKER,
    Role.TEAM_LEADER,
    Role.OSPOD_WORKER,
    Role.MUNICIPAL_WORKER,
    Role.COUNSELLOR,
)
MEETS = (Role.OUTREACH_WORKER, Role.KEY_WORKER, Role.MUNICIPAL_WORKER)


@dataclass(frozen=True)
class Item:
    """One line of the menu. is_current: the page is in this part."""

    name: str
    path: str
    is_current: bool


def meets_people(page: "Page") -> bool:
    """Whether this person writes down contacts."""
    return page.kind in FIELD and page.has(*MEETS, Role.TEAM_LEADER)


def _working(page: "Page") -> bool:
    return page.has(*CASE_ROLES)


def _any(page: "Page") -> bool:
    return bool(page.actor.roles)


PARTS: tuple[tuple[str, str, Callable[["Page"], bool]], ...] = (
    ("home", "/", _any),
    ("incoming", "/dorucena", lambda page: page.kind is OrganisationKind.OSPOD and _working(page)),
    ("contacts", "/kontakty", lambda page: page.kind in FIELD and _working(page)),
    ("clients", "/klienti", _working),
    ("handovers", "/predani", lambda page: page.kind in FIELD and _working(page)),
    ("referrals", "/odkazani", _working),
    ("conferences", "/konference", lambda page: _working(page) or page.has(Role.FACILITATOR, Role.RECORDER)),
    ("directory", "/adresar", _any),
    ("territory", "/uzemi", lambda page: page.kind is OrganisationKind.MUNICIPALITY),
    ("reports", "/vykazy", lambda page: page.has(Role.TEAM_LEADER, Role.PROJECT_MANAGER, Role.DPO)),
    ("settings", "/nastaveni", _any),
)


def menu(page: "Page") -> list[Item]:
    """In one order for everybody; empty for a visitor."""
    if page.session is None:
        return []
    here = page.request.url.path
    return [
        Item(name, path, here == path or (path != "/" and here.startswith(path + "/")))
        for name, path, shown in PARTS
        if shown(page)
    ]
