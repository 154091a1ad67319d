"""Read model `user_list`: one row per account of this node, with roles as they are now.

The name stays sealed in the table and is opened for the few rows a page shows.
"""

from typing import assert_never
from uuid import UUID

from libs.codelists import Role
from libs.privacy import Personal
from libs.projection import Projection, Row
from services.identity.user.events import (
    UserAdded,
    UserDisabled,
    UserEnabled,
    UserEvent,
    UserMovedToTeam,
    UserRenamed,
    UserRolesChanged,
)


class UserRow(Row):
    """What one event says about an account. None: it says nothing about this column.

    team   empty text: in no team (None could not take a team away again)
    """

    user_id: UUID
    name: Personal[str] | None = None
    roles: tuple[Role, ...] | None = None
    team: str | None = None
    enabled: bool | None = None


def project(event: UserEvent) -> UserRow:
    match event:
        case UserAdded():
            return UserRow(
                user_id=event.user_id, name=event.name, roles=event.roles, team=event.team or "", enabled=True
            )
        case UserRenamed():
            return UserRow(user_id=event.user_id, name=event.name)
        case UserRolesChanged():
            return UserRow(user_id=event.user_id, roles=event.roles)
        case UserMovedToTeam():
            return UserRow(user_id=event.user_id, team=event.team or "")
        case UserDisabled():
            return UserRow(user_id=event.user_id, enabled=False)
        case UserEnabled():
            return UserRow(user_id=event.user_id, enabled=True)
        case _:
            assert_never(event)


USER_LIST = Projection(
    name="user_list_1",
    project=project,
    events=UserEvent,
    row=UserRow,
    key="user_id",
    into="upsert_user_list",
    tables=("user_list",),
)
