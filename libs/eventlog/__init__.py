"""The memory: events, commands, deciders, and the log that keeps what was decided."""

from libs.eventlog.commands import Command, Line, Text, kebab
from libs.eventlog.decider import Decider
from libs.eventlog.errors import (
    Broken,
    ChainBroken,
    CommandFailed,
    EventLogError,
    Forbidden,
    LogUnavailable,
    RegistryError,
    Rejected,
    VersionConflict,
)
from libs.eventlog.events import (
    MEMBERS,
    REGISTRY,
    Actor,
    Event,
    Frozen,
    Recorded,
    SharedEvent,
    event,
    is_personal,
    upcaster,
)
from libs.eventlog.ids import derived_id, new_id
from libs.eventlog.policy import Verdict, allow_if, deny
from libs.eventlog.shared import Half

__all__ = [
    "MEMBERS",
    "REGISTRY",
    "Actor",
    "Broken",
    "ChainBroken",
    "Command",
    "CommandFailed",
    "Decider",
    "Event",
    "EventLogError",
    "Forbidden",
    "Frozen",
    "Half",
    "Line",
    "LogUnavailable",
    "Recorded",
    "RegistryError",
    "Rejected",
    "SharedEvent",
    "Text",
    "Verdict",
    "VersionConflict",
    "allow_if",
    "deny",
    "derived_id",
    "event",
    "is_personal",
    "kebab",
    "new_id",
    "upcaster",
]
