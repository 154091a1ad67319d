"""What may be asked about letters, and the answers. No content, no person: numbers, codes and opaque names."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from libs.messaging import Query, View
from services.courier.correspondence.commands import Number, Thread

Limit = Annotated[int, Field(ge=1, le=5_000)]
State = Literal["posted", "sent", "delivered", "refused", "voided"]


class LettersWaiting(Query):
    """Letters out without any receipt, oldest first. posted_before: only those that have waited since then."""

    partner_id: UUID | None = None
    posted_before: AwareDatetime | None = None
    limit: Limit = 200


class LetterWaiting(View):
    """letter_type, thread, posted_at   None: a void for a number nobody here remembers"""

    partner_id: UUID
    number: int
    letter_type: str | None
    thread: str | None
    state: State
    posted_at: AwareDatetime | None
    sent_at: AwareDatetime | None
    attempts: int


class LettersRefused(Query):
    """Letters a partner would not take, newest first."""

    partner_id: UUID | None = None
    limit: Limit = 200


class LetterRefusal(View):
    """outcome   refused, with the partner's code; or disputed: it holds something else under this number"""

    partner_id: UUID
    number: int
    letter_type: str | None
    thread: str | None
    outcome: Literal["refused", "disputed"]
    code: str
    answered_at: AwareDatetime


class LettersOfThread(Query):
    """Every letter about one matter, oldest first."""

    thread: Thread
    limit: Limit = 200


class LetterOfThread(View):
    partner_id: UUID
    number: int
    letter_type: str
    state: State
    posted_at: AwareDatetime
    sent_at: AwareDatetime | None
    answered_at: AwareDatetime | None
    code: str | None


class OutstandingOf(Query):
    """What goes again to this partner, oldest first."""

    partner_id: UUID
    limit: Limit = 500


class LettersBetween(Query):
    """The letters a partner asks for again. A number without a row is one to void."""

    partner_id: UUID
    first: Number
    last: Number
    limit: Limit = 500


class LetterToSend(View):
    """event_id, source, position   where to ask for its content; None: only a void is left to send"""

    number: int
    event_id: UUID | None
    source: str | None
    position: int | None
    letter_type: str | None
    thread: str | None
    state: State
    attempts: int
    sent_at: AwareDatetime | None
    voided_code: str | None


class LetterReceived(Query):
    """One letter in. No row: it never arrived."""

    partner_id: UUID
    number: Number


class ReceivedLetter(View):
    """outcome, code   what the receipt said; None: not applied yet, so no receipt"""

    number: int
    digest: str
    letter_type: str
    arrived_at: AwareDatetime
    outcome: str | None
    code: str | None
    applied_at: AwareDatetime | None


class LettersUnapplied(Query):
    """Letters in that nobody has applied or refused, oldest first."""

    partner_id: UUID | None = None
    limit: Limit = 500


class UnappliedLetter(View):
    """outcome   stored: it waits for a newer program; None: it waits for this one"""

    partner_id: UUID
    number: int
    digest: str
    letter_type: str
    arrived_at: AwareDatetime
    outcome: str | None


class Quarantined(Query):
    """What was refused, newest first. Nil partner: the sender is nobody we know."""

    partner_id: UUID | None = None
    limit: Limit = 200


class QuarantinedLetter(View):
    """number   of a verified letter that contradicts an earlier one; None: it could not be opened"""

    partner_id: UUID
    digest: str
    reason: str
    number: int | None
    quarantined_at: AwareDatetime


class Gaps(Query):
    """Numbers that are missing, by partner."""

    partner_id: UUID | None = None
    limit: Limit = 500


class Gap(View):
    partner_id: UUID
    first: int
    last: int


class Correspondences(Query):
    """How far both sides are: what our next hello says, and what theirs said last."""

    partner_id: UUID | None = None
    limit: Limit = 500


class Counters(View):
    """sent, received   our highest numbers; received_through: complete up to here"""

    partner_id: UUID
    sent: int
    received_through: int
    received: int
    their_sent: int
    their_received: int
    heard_at: AwareDatetime | None
