"""What may be asked about users, and the answers."""

from uuid import UUID

from pydantic import Field

from libs.codelists import Role
from libs.eventlog import Line
from libs.messaging import Query, View
from libs.privacy import Personal


class Users(Query):
    """Colleagues on this node: by team, by role, or all; enabled accounts first."""

    team: Line | None = None
    role: Role | None = None
    limit: int = Field(default=200, ge=1, le=1000)


class UserView(View):
    """One account. roles: as now; team None: in no team."""

    user_id: UUID
    name: Personal[str]
    roles: tuple[Role, ...]
    team: str | None
    enabled: bool


class UserRoles(Query):
    """The roles of one user, asked at every sign-in. No row: no such user."""

    user_id: UUID


class UserRolesView(View):
    user_id: UUID
    roles: tuple[Role, ...]
    team: str | None
    enabled: bool
