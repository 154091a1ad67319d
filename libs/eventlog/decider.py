"""The pure core of an aggregate: `decide`, `evolve`, and for shared matters `receive` and `disclose`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from libs.eventlog.commands import Command
from libs.eventlog.events import Event

S = TypeVar("S")
C = TypeVar("C", bound=Command)
E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Decider(Generic[C, S, E]):
    """One aggregate.

    name       as in subjects and stream names: `referral`
    key        the field of every command and event that holds the aggregate's id: `referral_id`
    commands   union of its command classes; events: union of its event classes
    decide     the events to append; `()` when it is already so; raises Rejected
    evolve     total: every event has an answer in every state
    receive    (event, state, sender) → events to record of what another organisation wrote; raises Rejected
               (`not_party`, `not_owner`). None: nothing is received
    disclose   (event, state, recipient) → what this recipient may be told of an event now; raises Rejected
               when the ground is gone. None: the event as it is
    """

    name: str
    key: str
    initial: S
    commands: Any
    events: Any
    decide: Callable[[C, S], tuple[E, ...]]
    evolve: Callable[[S, E], S]
    receive: Callable[[E, S, UUID], tuple[E, ...]] | None = None
    disclose: Callable[[E, S, UUID], Event] | None = None

    def stream(self, message: Command | Event) -> str:
        """The stream a command or event belongs to: `referral-0198…`."""
        return f"{self.name}-{getattr(message, self.key)}"
