"""What may be asked of the correspondence with one partner. All of it by the node itself."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from libs.eventlog import Command, Frozen
from services.courier.correspondence.events import Outcome

Number = Annotated[int, Field(ge=1, lt=2**53)]
Counter = Annotated[int, Field(ge=0, lt=2**53)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""A reason as a code: there is no room for a sentence about somebody."""
Service = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
LetterType = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
Thread = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,99}$")]


class _Answer(Command):
    """What became of a letter, as a receipt says it."""

    partner_id: UUID
    number: Number
    outcome: Outcome
    code: Code | None = None

    @model_validator(mode="after")
    def _a_refusal_says_why(self) -> Self:
        if self.outcome == "refused" and self.code is None:
            raise ValueError("a refusal needs a code")
        return self


class Written(Frozen):
    """A letter that was sealed under the number it is going to have."""

    number: Number
    digest: Digest


class PostLetter(Command):
    """Owe an event to the partner under the next number. The same event twice is owed once.

    written   its first attempt, sealed already; noted with it, unless another letter was given that number meanwhile
    """

    partner_id: UUID
    event_id: UUID
    source: Service
    position: int = Field(ge=1)
    letter_type: LetterType
    thread: Thread
    written: Written | None = None


class NoteSent(Command):
    """An attempt goes to the hub. Refused for a number never posted; nothing new once the partner has answered."""

    partner_id: UUID
    number: Number
    attempt: int = Field(ge=1)
    digest: Digest


class NoteReceipt(_Answer):
    """The partner's signed answer. Refused for a number never posted; disputed if it names what was never sent."""

    digest: Digest


class VoidLetter(Command):
    """The ground is gone, or nobody knows what stood there: a void goes out under this number."""

    partner_id: UUID
    number: Number
    code: Code


class NoteArrival(Command):
    """A letter was opened and stored. The same again is nothing new, another under its number is an alarm.

    event_id   what it tells, by the id its author gave; None: a void tells nothing
    """

    partner_id: UUID
    number: Number
    digest: Digest
    letter_type: LetterType
    event_id: UUID | None = None


class NoteApplied(_Answer):
    """What became of a letter that arrived. Refused if it never did; the last word stands."""


class NoteRefusal(Command):
    """Something came that is no letter to us. Kept as a digest and a reason; partner_id nil: nobody we know."""

    partner_id: UUID
    digest: Digest
    reason: Code


class ObserveHello(Command):
    """Take in the partner's counters: our next number goes beyond what they have seen. Refused if implausible."""

    partner_id: UUID
    their_sent: Counter
    their_received: Counter


CorrespondenceCommand = (
    PostLetter | NoteSent | NoteReceipt | VoidLetter | NoteArrival | NoteApplied | NoteRefusal | ObserveHello
)
