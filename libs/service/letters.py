"""What passes between the courier and the service that owns a matter. In memory only: it is in the clear."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from libs.eventlog import Actor, Command, Frozen, Rejected, SharedEvent, derived_id
from libs.eventlog.commands import Moment
from libs.eventlog.events import MEMBERS, REGISTRY
from libs.eventlog.log import Appended
from libs.eventlog.stored import Checkpoint
from libs.messaging.trace import current_trace
from libs.privacy import CLEAR, open_fields
from libs.service.running import Running


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


async def receive_letter(running: Running, letter: LetterContent) -> Appended:
    """Record what a letter tells. The same letter again: the first answer. Raises CommandFailed."""
    service = running.service
    cls = REGISTRY.classes.get(letter.type)
    aggregate = service.aggregate_of(cls) if cls is not None else None
    if (
        cls is None
        or aggregate is None
        or not issubclass(cls, SharedEvent)
        or letter.schema_version > cls.schema_version
    ):
        raise Rejected("unknown_version", "This letter needs a newer version of the program. It is kept.")
    content = dict(letter.data)
    try:
        for version in range(letter.schema_version, cls.schema_version):
            content = REGISTRY.upcasters[letter.type, version](content)
    except (LookupError, TypeError, AttributeError):  # a shape that never was: the partner's fault, not ours
        raise Rejected("malformed", "The letter has not the shape of its version. Nothing was recorded.") from None
    event = cls.model_validate(content)
    if event.author != letter.sender:
        raise Rejected("not_owner", "The letter tells what another organisation wrote. Nothing was recorded.")
    partner = Actor(user=letter.sender, organisation=letter.sender, roles=frozenset({"partner"}))
    delivery = Command(
        id=derived_id(letter.event_id, f"receive {letter.sender}"),
        actor=partner,
        occurred_at=letter.occurred_at,
    )
    return await running.corridor.receive(aggregate, event, delivery, letter.sender, current_trace())


async def disclose_event(running: Running, asked: DiscloseRequest) -> Disclosed:
    """What an organisation may be told of an own event now. Raises Rejected when its ground is gone."""
    stored = await running.log.find(Checkpoint(asked.position, asked.event_id))
    if stored is None:
        raise Rejected("unknown_event", "The log has no such event.")
    if str(asked.recipient) not in stored.audience and MEMBERS not in stored.audience:
        raise Rejected("not_party", "This organisation is not among those who may know.")
    event = stored.recorded().event
    decider = running.service.decider_of(stored.stream)
    if decider.disclose is not None:
        state = await running.corridor.state_now(decider.name, UUID(stored.stream[-36:]))
        event = decider.disclose(event, state, asked.recipient)
    [opened] = await open_fields(running.keys, [event])
    return Disclosed(
        type=opened.stored_type,
        schema_version=opened.schema_version,
        thread=stored.stream,
        occurred_at=stored.occurred_at,
        trace=stored.trace,
        data=opened.model_dump(mode="json", context=CLEAR),
    )
