"""What a service is made of: the words its `app.py` is written in."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from libs.eventlog import Actor, Command, Decider, Event, Frozen, Verdict
from libs.eventlog.sql import Sql
from libs.messaging import Published
from libs.projection import Projection
from libs.service.settings import Settings

React = Callable[[Any], Command | tuple[Command, ...] | None]
"""A recorded event → the own command, or commands, it asks for. Pure; ids follow from the event's id."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """Others' event in, own command out."""

    source: str
    event: type[Event]
    react: React

    @property
    def name(self) -> str:
        return self.react.__name__


@dataclass(frozen=True, slots=True)
class Forgets:
    """An event after which a data subject's key is destroyed here."""

    source: str
    event: type[Event]
    whom: Callable[[Any], UUID]

    @property
    def name(self) -> str:
        return "forget"


@dataclass(frozen=True, slots=True)
class Answers:
    """A request of the portal that is neither command nor question: nothing of it enters the log (a password).

    handle   given the running service and the request; returns the answer, or raises Rejected
    """

    asked: type[Frozen]
    answer: type[Frozen]
    handle: Callable[[Any, Any], Awaitable[Frozen]]


def on(source: str, event: type[Event], react: React) -> Reaction:
    """When `source` has recorded such an event, carry out the command `react` makes of it."""
    return Reaction(source, event, react)


def forgets(source: str, event: type[Event], whom: Callable[[Any], UUID]) -> Forgets:
    """When `source` has recorded such an event, forget the person it names."""
    return Forgets(source, event, whom)


@dataclass(frozen=True, slots=True)
class Service:
    """One service: everything it consists of, nothing found by itself.

    projections   built from the own log, in the appending transaction
    follows       source service → projections streamed from its log
    answers       requests that only the portal may send, and how they are answered
    extra         long-running work of its own (the courier's letters), given the running service
    """

    name: str
    settings: Settings
    published: Published
    deciders: Sequence[Decider[Any, Any, Any]]
    policy: Callable[[Actor, Any], Verdict]
    sql: Sql
    migrations: Path
    projections: Sequence[Projection] = ()
    follows: Mapping[str, Sequence[Projection]] = field(default_factory=dict[str, Sequence[Projection]])
    reactions: Sequence[Reaction | Forgets] = ()
    answers: Sequence[Answers] = ()
    extra: Sequence[Callable[[Any], Any]] = ()

    def aggregate_of(self, event: type[Event]) -> str | None:
        """The aggregate that owns an event class."""
        for aggregate, classes in self.published.events.items():
            if event in classes:
                return aggregate
        return None

    def decider_of(self, stream: str) -> Decider[Any, Any, Any]:
        """The decider of a stream: `referral-0198…` → REFERRAL."""
        name = stream[:-37]  # a UUID and the dash before it
        return next(decider for decider in self.deciders if decider.name == name)

    def projection(self, name: str) -> tuple[str, Projection]:
        """(source, projection) by name or by one of its tables. Raises LookupError, naming what there is."""
        everything = [(self.name, one) for one in self.projections]
        everything += [(source, one) for source, many in self.follows.items() for one in many]
        for source, one in everything:
            if name in (one.name, *one.tables):
                return source, one
        there_is = ", ".join(one.name for _, one in everything)
        raise LookupError(f"{self.name} has no projection {name}; there is: {there_is}")
