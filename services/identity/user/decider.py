"""How an account is decided. Pure: no clock, no chance, no I/O.

    Unknown → Account(enabled) ⇄ Account(disabled)

Nobody locks themselves out: an administrator can neither disable their own account nor take their own
administration away; a second one does it.
"""

from typing import Literal, assert_never

from libs.codelists import Role
from libs.eventlog import Decider, Frozen, Rejected
from libs.privacy import Personal
from services.identity.user.commands import (
    AddUser,
    ChangeRoles,
    DisableUser,
    EnableUser,
    MoveToTeam,
    RenameUser,
    UserCommand,
)
from services.identity.user.events import (
    UserAdded,
    UserDisabled,
    UserEnabled,
    UserEvent,
    UserMovedToTeam,
    UserRenamed,
    UserRolesChanged,
)


class Unknown(Frozen):
    stage: Literal["unknown"] = "unknown"


class Account(Frozen):
    """name: an opaque token here; compared, never read."""

    stage: Literal["account"] = "account"
    name: Personal[str]
    roles: tuple[Role, ...]
    team: str | None
    enabled: bool = True


User = Unknown | Account


def decide(command: UserCommand, user: User) -> tuple[UserEvent, ...]:
    """The events to append. `()`: already so. `Rejected`: cannot be, and what to do instead."""
    if isinstance(command, AddUser):
        return _add(command, user)
    if isinstance(user, Unknown):
        raise Rejected(
            "unknown_user",
            "There is no such user on this node. Nothing was recorded. Open the list of users and choose again.",
        )
    own = command.actor.user == command.user_id
    match command:
        case RenameUser():
            return (UserRenamed(user_id=command.user_id, name=command.name),)
        case ChangeRoles():
            roles = _grantable(command.roles)
            if roles == user.roles:
                return ()
            if own and Role.NODE_ADMINISTRATOR in user.roles and Role.NODE_ADMINISTRATOR not in roles:
                raise Rejected(
                    "own_administration",
                    "You would take your own administration away. Nothing was recorded. "
                    "Ask another administrator of this node to do it.",
                )
            return (UserRolesChanged(user_id=command.user_id, roles=roles),)
        case MoveToTeam():
            if command.team == user.team:
                return ()
            return (UserMovedToTeam(user_id=command.user_id, team=command.team),)
        case DisableUser():
            if not user.enabled:
                return ()
            if own:
                raise Rejected(
                    "own_account",
                    "You would close your own account. Nothing was recorded. "
                    "Ask another administrator of this node to do it.",
                )
            return (UserDisabled(user_id=command.user_id),)
        case EnableUser():
            return () if user.enabled else (UserEnabled(user_id=command.user_id),)
        case _:
            assert_never(command)


def _add(command: AddUser, user: User) -> tuple[UserEvent, ...]:
    roles = _grantable(command.roles)
    if isinstance(user, Account):
        if user.roles == roles and user.team == command.team:
            return ()
        raise Rejected(
            "user_exists",
            "This user already has an account with other roles or another team. Nothing was recorded. "
            "Change the roles or the team instead.",
        )
    return (UserAdded(user_id=command.user_id, name=command.name, roles=roles, team=command.team),)


def _grantable(roles: tuple[Role, ...]) -> tuple[Role, ...]:
    """Each role once, in one order, so that the same set is the same value."""
    if Role.NODE in roles:
        raise Rejected(
            "role_not_grantable",
            "The role of the node itself belongs to no user. Nothing was recorded. Choose other roles.",
        )
    return tuple(sorted(set(roles)))


def evolve(user: User, event: UserEvent) -> User:
    """Total: what is told of an account that was never added is passed over."""
    if isinstance(event, UserAdded):
        return Account(name=event.name, roles=event.roles, team=event.team)
    if isinstance(user, Unknown):
        return user
    name, roles, team, enabled = user.name, user.roles, user.team, user.enabled
    match event:
        case UserRenamed():
            name = event.name
        case UserRolesChanged():
            roles = event.roles
        case UserMovedToTeam():
            team = event.team
        case UserDisabled():
            enabled = False
        case UserEnabled():
            enabled = True
        case _:
            assert_never(event)
    return Account(name=name, roles=roles, team=team, enabled=enabled)


USER: Decider[UserCommand, User, UserEvent] = Decider(
    name="user",
    key="user_id",
    initial=Unknown(),
    commands=UserCommand,
    events=UserEvent,
    decide=decide,
    evolve=evolve,
)
