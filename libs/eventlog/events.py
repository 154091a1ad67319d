"""Event classes, their stored names, and the registry that knows them all.

A stored type (`referral-sent`) and an integer schema version say what lies in the log, never a module
path: classes may move. Old versions are lifted by upcasters on load; the path is the same for load, live
delivery and rebuild.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.eventlog.errors import RegistryError
from libs.privacy.personal import STORED, Personal, about

MEMBERS = "members"
"""Audience of an event that every member of the network may read."""


class Frozen(BaseModel):
    """A value: never changed, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Actor(Frozen):
    """Who acts. Asserted by the portal after it has checked the session; roles as of that moment.

    user           opaque id, never a name
    organisation   the organisation whose node handles the command
    """

    user: UUID
    organisation: UUID
    roles: frozenset[str] = frozenset()
    team: str | None = None


class Event(Frozen):
    """A fact in the past tense. Decorate every subclass with `@event`."""

    stored_type: ClassVar[str] = ""
    schema_version: ClassVar[int] = 0
    audience_field: ClassVar[str | None] = None
    subjects: ClassVar[dict[str, str]] = {}
    """Personal field → field that holds its data subject."""

    def audience(self) -> tuple[str, ...]:
        """Ids of the organisations that may know, or `("members",)`; empty: private to the node."""
        if self.audience_field is None:
            return ()
        if self.audience_field == MEMBERS:
            return (MEMBERS,)
        named: Any = getattr(self, self.audience_field)
        if named is None:
            return ()
        return tuple(str(one) for one in named) if isinstance(named, tuple) else (str(named),)


class SharedEvent(Event):
    """A fact that other organisations receive: one entry of its author's log about a shared matter.

    author   the organisation that wrote it; nobody else may
    number   1, 2, 3 … in the author's log about this matter, without gaps
    seen     how many entries of the other side's log the author had applied when writing this one
    """

    author: UUID
    number: int = Field(ge=1, lt=2**31)
    seen: int = Field(default=0, ge=0, lt=2**31)


EventType = TypeVar("EventType", bound=type[Event])
E = TypeVar("E", bound=Event)
Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Recorded(Generic[E]):
    """An event with its place in the log.

    position      place in the log of the service that wrote it, gapless, in commit order
    version       place in its stream
    occurred_at   in the world; recorded_at: in the log (both UTC)
    audience      organisation ids that may know it
    """

    event: E
    id: UUID
    position: int
    stream: str
    version: int
    command_id: UUID
    actor: Actor
    occurred_at: datetime
    recorded_at: datetime
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    audience: tuple[str, ...] = ()


@dataclass
class Registry:
    """Every event class by its stored type. Filled by imports, checked by `check()` when a service starts."""

    classes: dict[str, type[Event]] = field(default_factory=dict[str, type[Event]])
    upcasters: dict[tuple[str, int], Upcaster] = field(default_factory=dict[tuple[str, int], Upcaster])

    def add(self, cls: type[Event]) -> None:
        known = self.classes.get(cls.stored_type)
        if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise RegistryError(f"two classes claim the stored type {cls.stored_type}: {known} and {cls}")
        self.classes[cls.stored_type] = cls

    def newest(self, stored_type: str) -> type[Event]:
        """The class of today. Raises RegistryError for a type nobody knows."""
        try:
            return self.classes[stored_type]
        except KeyError:
            raise RegistryError(f"no class is registered for the stored type {stored_type}") from None

    def check(self) -> None:
        """Raises RegistryError if some old version has no way up to today's class."""
        for stored_type, cls in self.classes.items():
            for version in range(1, cls.schema_version):
                if (stored_type, version) not in self.upcasters:
                    raise RegistryError(f"{stored_type}: no upcaster from version {version}")
        for stored_type, version in self.upcasters:
            if version >= self.newest(stored_type).schema_version:
                raise RegistryError(f"{stored_type}: upcaster from version {version} leads beyond today's")

    def load(self, stored_type: str, schema_version: int, content: dict[str, Any]) -> Event:
        """Today's event from stored content of any released version."""
        cls = self.newest(stored_type)
        if schema_version > cls.schema_version:
            raise RegistryError(f"{stored_type} version {schema_version} is newer than this program knows")
        for version in range(schema_version, cls.schema_version):
            content = self.upcasters[stored_type, version](content)
        return cls.model_validate(content, context=STORED)


REGISTRY = Registry()


def event(
    stored_type: str, *, version: int, audience: str | None = None, subject: str | None = None
) -> Callable[[EventType], EventType]:
    """Give an event class its stored name.

    audience   name of the field with the organisation(s) that may know it, or MEMBERS; None: private
    subject    name of the field with the data subject whose key seals the personal fields
    """

    def decorate(cls: EventType) -> EventType:
        cls.stored_type, cls.schema_version, cls.audience_field = stored_type, version, audience
        cls.subjects = dict(_subjects(cls, subject))
        if audience is not None and not issubclass(cls, SharedEvent):
            raise RegistryError(f"{cls.__name__}: what leaves the node has an author and a number; derive SharedEvent")
        for name in (audience, *cls.subjects.values()):
            if name is not None and name != MEMBERS and name not in cls.model_fields:
                raise RegistryError(f"{cls.__name__}: there is no field {name}")
        REGISTRY.add(cls)
        return cls

    return decorate


def upcaster(stored_type: str, *, from_version: int) -> Callable[[Upcaster], Upcaster]:
    """Register the step that lifts stored content from one version to the next."""

    def decorate(lift: Upcaster) -> Upcaster:
        if (stored_type, from_version) in REGISTRY.upcasters:
            raise RegistryError(f"{stored_type}: two upcasters from version {from_version}")
        REGISTRY.upcasters[stored_type, from_version] = lift
        return lift

    return decorate


def is_personal(annotation: Any) -> bool:
    """Whether a field annotation is `Personal[…]`, possibly optional."""
    if annotation is Personal or get_origin(annotation) is Personal:
        return True
    return any(is_personal(arg) for arg in get_args(annotation))


def _subjects(cls: type[Event], default: str | None) -> Iterable[tuple[str, str]]:
    for name, info in cls.model_fields.items():
        if is_personal(info.annotation):
            named = [mark.field for mark in info.metadata if isinstance(mark, about)]
            subject = named[0] if named else default
            if subject is None:
                raise RegistryError(f"{cls.__name__}.{name}: whose key seals it? Name a `subject`.")
            yield name, subject
