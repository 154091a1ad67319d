"""The published language of a service: the only thing of it that others may import."""

from dataclasses import dataclass, field

from libs.eventlog import Command, Event
from libs.messaging.queries import Query, View


@dataclass(frozen=True, slots=True)
class Published:
    """What others may know of a service.

    commands   aggregate name → command classes
    events     aggregate name → event classes
    queries    query name → (question, one row of the answer)
    """

    service: str
    commands: dict[str, tuple[type[Command], ...]] = field(default_factory=dict[str, tuple[type[Command], ...]])
    events: dict[str, tuple[type[Event], ...]] = field(default_factory=dict[str, tuple[type[Event], ...]])
    queries: dict[str, tuple[type[Query], type[View]]] = field(
        default_factory=dict[str, tuple[type[Query], type[View]]]
    )
