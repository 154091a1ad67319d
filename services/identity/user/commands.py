"""What may be asked of a user's account. Signing in is not here: a session is no fact about a person."""

from uuid import UUID

from libs.codelists import Role
from libs.eventlog import Command, Line
from libs.privacy import Personal


class AddUser(Command):
    """Give a colleague an account. Refused for the node's own role, and for an id already taken."""

    user_id: UUID
    name: Personal[Line]
    roles: tuple[Role, ...] = ()
    team: Line | None = None


class RenameUser(Command):
    """Write the name anew. Refused for an unknown user."""

    user_id: UUID
    name: Personal[Line]


class ChangeRoles(Command):
    """Replace all roles. Refused for the node's own role, and for giving up one's own administration."""

    user_id: UUID
    roles: tuple[Role, ...]


class MoveToTeam(Command):
    """Change the team, or leave every team. Refused for an unknown user."""

    user_id: UUID
    team: Line | None = None


class DisableUser(Command):
    """Close the account; nothing they did is touched. Refused for one's own account."""

    user_id: UUID


class EnableUser(Command):
    """Open a closed account again, with the roles it had."""

    user_id: UUID


UserCommand = AddUser | RenameUser | ChangeRoles | MoveToTeam | DisableUser | EnableUser
