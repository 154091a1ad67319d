"""What passes between the courier and the service that owns a matter. In memory only: it is in the clear."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from libs.eventlog import Frozen
from libs.eventlog.commands import Moment


class DiscloseRequest(Frozen):
    """May this organisation be told of this event now, and what?"""

    position: int
    event_id: UUID
    recipient: UUID


class Disclosed(Frozen):
    """What goes into the letter. `thread` names the matter, `trace` the span it began in; personal values are clear."""

    type: str
    schema_version: int
    thread: str
    occurred_at: AwareDatetime
    trace: str | None = None
    data: dict[str, Any] = Field(repr=False)


class LetterContent(Frozen):
    """An opened and verified letter, handed to the service that owns its kind of matter."""

    sender: UUID
    event_id: UUID
    type: str
    schema_version: int = Field(ge=1)
    occurred_at: Moment
    data: dict[str, Any] = Field(repr=False)
