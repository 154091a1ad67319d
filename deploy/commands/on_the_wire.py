"""What travels inside a node beside commands, questions and events, as models: for the documents only.

The code that reads and writes it is libs/messaging/wire.py and refill.py, libs/service/endpoints.py and running.py.
"""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from libs.eventlog import Frozen
from libs.service.letters import Disclosed, DiscloseRequest, LetterContent

Model = type[BaseModel]


class EventHeaders(Frozen):
    """CloudEvents 1.0 and the event's place in the log; every value is text on the wire (libs/messaging/wire.py)."""

    ce_specversion: str = Field(alias="ce-specversion")
    ce_id: UUID = Field(alias="ce-id")
    ce_type: str = Field(alias="ce-type")
    ce_source: str = Field(alias="ce-source")
    ce_subject: str = Field(alias="ce-subject", description="the stream: aggregate and id")
    ce_time: AwareDatetime = Field(alias="ce-time", description="when it happened in the world")
    recorded: AwareDatetime
    schema_: int = Field(alias="schema", description="schema version")
    position: int = Field(description="in the service's log, gapless, in commit order")
    previous: str = Field(description="id of the event before it in the log; empty for the first")
    version: int = Field(description="in its stream")
    command: UUID
    actor: str
    audience: str = Field(default="", description="organisations that may know, or `members`; absent: private")
    correlation: UUID | None = None
    causation: UUID | None = None
    traceparent: str | None = None


class Refill(Frozen):
    """Pages of the log after a place in it (libs/messaging/refill.py)."""

    after: int
    event_id: str
    limit: int


class RefilledEvent(Frozen):
    """An event as on JetStream; `body` is its content as JSON text."""

    head: dict[str, str]
    body: str


class Refilled(Frozen):
    """unknown: the log has no such event at that place."""

    unknown: bool
    events: tuple[RefilledEvent, ...]


class State(Frozen):
    """Nothing needs to be said."""


class StateNow(Frozen):
    """Health as data: positions, statuses, troubles. No content."""

    service: str
    head: int
    leads: bool
    relayed: int
    log_trouble: str
    relay_trouble: str
    dead_letters: int
    notes: tuple[str, ...]
    followers: tuple[dict[str, Any], ...]


class Received(Frozen):
    """Where a letter's content was recorded."""

    position: int
    repeated: bool


OF_EVERY_SERVICE: dict[str, tuple[Model, Model]] = {
    "ReceiveLetter": (LetterContent, Received),
    "DiscloseEvent": (DiscloseRequest, Disclosed),
    "Refill": (Refill, Refilled),
    "State": (State, StateNow),
}
"""Name of an operation → (what is sent, what comes back in `ok`)."""
