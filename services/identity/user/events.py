"""What has happened to a user of this node. Published language: a released version never changes.

Private to the node. The name lies under the user's own key: a colleague who left can be forgotten, and
what they did stays told under an opaque id.
"""

from uuid import UUID

from libs.codelists import Role
from libs.eventlog import Event, Line, event
from libs.privacy import Personal


@event("user-added", version=1, subject="user_id")
class UserAdded(Event):
    user_id: UUID
    name: Personal[Line]
    roles: tuple[Role, ...]
    team: Line | None = None


@event("user-renamed", version=1, subject="user_id")
class UserRenamed(Event):
    user_id: UUID
    name: Personal[Line]


@event("user-roles-changed", version=1)
class UserRolesChanged(Event):
    """roles   all of them from now on, not the difference"""

    user_id: UUID
    roles: tuple[Role, ...]


@event("user-moved-to-team", version=1)
class UserMovedToTeam(Event):
    """team   None: in no team"""

    user_id: UUID
    team: Line | None = None


@event("user-disabled", version=1)
class UserDisabled(Event):
    user_id: UUID


@event("user-enabled", version=1)
class UserEnabled(Event):
    user_id: UUID


UserEvent = UserAdded | UserRenamed | UserRolesChanged | UserMovedToTeam | UserDisabled | UserEnabled
