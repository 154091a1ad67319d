"""Names behind ids: organisations of the network and colleagues. In memory only, for half a minute."""

import time
from typing import TYPE_CHECKING
from uuid import UUID

from libs.codelists import OrganisationKind
from libs.messaging import RequestFailed
from services.identity.membership.views import Organisations, OrganisationView
from services.identity.user.views import Users, UserView

if TYPE_CHECKING:
    from services.portal.web.page import Page

REMEMBERED_S = 30.0


class Names:
    """One node's. A stranger's id has no name: pages then say so in their own words."""

    def __init__(self) -> None:
        self._organisations: dict[UUID, OrganisationView] = {}
        self._users: dict[UUID, UserView] = {}
        self._until = 0.0

    async def ready(self, page: "Page") -> None:
        """Ask anew when what we know is old; go on with it if nobody answers."""
        if time.monotonic() < self._until or not page.actor.roles:
            return
        try:
            organisations = await page.ask(Organisations, OrganisationView)
            users = await page.ask(Users, UserView, limit=1000)
        except RequestFailed:
            return
        self._organisations = {one.organisation_id: one for one in organisations}
        self._users = {one.user_id: one for one in users}
        self._until = time.monotonic() + REMEMBERED_S

    def forget(self) -> None:
        """Somebody was added or renamed: ask at the next page."""
        self._until = 0.0

    def organisation(self, organisation: UUID | str | None) -> str | None:
        found = self._organisations.get(_id(organisation))
        return found.name if found else None

    def kind_of(self, organisation: UUID | str | None) -> OrganisationKind | None:
        found = self._organisations.get(_id(organisation))
        return found.kind if found else None

    def worker(self, user: UUID | str | None) -> str | None:
        found = self._users.get(_id(user))
        return found.name.reveal() if found and found.name.is_clear else None

    def organisations(self) -> list[OrganisationView]:
        """Members of the network, by name."""
        return [one for one in self._organisations.values() if one.state == "member"]

    def users(self) -> list[UserView]:
        """Colleagues with an open account."""
        return [one for one in self._users.values() if one.enabled]


def _id(one: UUID | str | None) -> UUID:
    return one if isinstance(one, UUID) else UUID(one) if one else UUID(int=0)
