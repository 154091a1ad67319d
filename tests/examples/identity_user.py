"""Example accounts of the node of Přístav: Radka, Šimon, Olga, and Vít who administers."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from libs.codelists import Role
from libs.eventlog import Actor, Event
from libs.privacy import Personal
from services.identity.user.commands import (
    AddUser,
    ChangeRoles,
    DisableUser,
    EnableUser,
    MoveToTeam,
    RenameUser,
)
from services.identity.user.events import (
    UserAdded,
    UserDisabled,
    UserEnabled,
    UserMovedToTeam,
    UserRenamed,
    UserRolesChanged,
)

PRISTAV = UUID("0198a000-0000-7000-8000-000000000001")
RADKA = UUID("0198b000-0000-7000-8000-000000000001")
SIMON = UUID("0198b000-0000-7000-8000-000000000002")
OLGA = UUID("0198b000-0000-7000-8000-000000000003")
VIT = UUID("0198b000-0000-7000-8000-000000000004")
NOW = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)
NAME: Personal[str] = Personal("Radka Mlejnská")
SEALED: Personal[str] = Personal(token="sealed-name")

ADMINISTRATOR = Actor(user=VIT, organisation=PRISTAV, roles=frozenset({Role.NODE_ADMINISTRATOR}))


def _command(**over: Any) -> dict[str, Any]:
    return {"actor": ADMINISTRATOR, "occurred_at": NOW, "user_id": RADKA, **over}


def add_user(**over: Any) -> AddUser:
    filled = {"name": NAME, "roles": (Role.OUTREACH_WORKER,), "team": "LOKET"}
    return AddUser(**_command(**{**filled, **over}))


def rename_user(**over: Any) -> RenameUser:
    return RenameUser(**_command(**{"name": NAME, **over}))


def change_roles(**over: Any) -> ChangeRoles:
    return ChangeRoles(**_command(**{"roles": (Role.OUTREACH_WORKER, Role.KEY_WORKER), **over}))


def move_to_team(**over: Any) -> MoveToTeam:
    return MoveToTeam(**_command(**{"team": "SLAVKOV", **over}))


def disable_user(**over: Any) -> DisableUser:
    return DisableUser(**_command(**over))


def enable_user(**over: Any) -> EnableUser:
    return EnableUser(**_command(**over))


def user_added(**over: Any) -> UserAdded:
    filled = {"user_id": RADKA, "name": NAME, "roles": (Role.OUTREACH_WORKER,), "team": "LOKET"}
    return UserAdded.model_validate({**filled, **over})


def user_renamed(**over: Any) -> UserRenamed:
    return UserRenamed.model_validate({"user_id": RADKA, "name": NAME, **over})


def user_roles_changed(**over: Any) -> UserRolesChanged:
    filled = {"user_id": RADKA, "roles": (Role.KEY_WORKER, Role.OUTREACH_WORKER)}
    return UserRolesChanged.model_validate({**filled, **over})


def user_moved_to_team(**over: Any) -> UserMovedToTeam:
    return UserMovedToTeam.model_validate({"user_id": RADKA, "team": "SLAVKOV", **over})


def user_disabled(**over: Any) -> UserDisabled:
    return UserDisabled.model_validate({"user_id": RADKA, **over})


def user_enabled(**over: Any) -> UserEnabled:
    return UserEnabled.model_validate({"user_id": RADKA, **over})


COMPLETE: tuple[Event, ...] = (
    user_added(name=SEALED),
    user_renamed(name=SEALED),
    user_roles_changed(),
    user_moved_to_team(),
    user_disabled(),
    user_enabled(),
)
REQUIRED: tuple[Event, ...] = (
    UserAdded(user_id=RADKA, name=SEALED, roles=()),
    UserRenamed(user_id=RADKA, name=SEALED),
    UserRolesChanged(user_id=RADKA, roles=()),
    UserMovedToTeam(user_id=RADKA),
    user_disabled(),
    user_enabled(),
)
