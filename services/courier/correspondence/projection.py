"""Read models: letters out, letters in, what lies in quarantine, and one row of counters per partner.

Rows hold facts; the state of a letter out (posted, sent, delivered, refused, voided) is computed from them by
the table itself, so that facts may arrive in any order.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from libs.projection import Projection, Row
from services.courier.correspondence.events import (
    AlarmEvent,
    HelloObserved,
    IncomingEvent,
    LetterApplied,
    LetterArrived,
    LetterConflicted,
    LetterPosted,
    LetterQuarantined,
    LetterReceipted,
    LetterSent,
    LetterVoided,
    OutgoingEvent,
    ReceiptDisputed,
)


class LetterOutRow(Row):
    """outcome   as in the receipt, or `disputed`; empty text: asked for again, no answer yet"""

    partner_id: UUID
    number: int
    event_id: UUID | None = None
    source: str | None = None
    source_position: int | None = None
    letter_type: str | None = None
    thread: str | None = None
    posted_at: datetime | None = None
    attempts: int | None = None
    sent_at: datetime | None = None
    voided_code: str | None = None
    voided_at: datetime | None = None
    outcome: str | None = None
    code: str | None = None
    digest: str | None = None
    answered_at: datetime | None = None


class LetterInRow(Row):
    partner_id: UUID
    number: int
    digest: str | None = None
    letter_type: str | None = None
    arrived_at: datetime | None = None
    outcome: str | None = None
    code: str | None = None
    applied_at: datetime | None = None


class QuarantineRow(Row):
    """number   of a verified letter that contradicts an earlier one; None: it could not be opened"""

    partner_id: UUID
    digest: str
    reason: str
    number: int | None
    quarantined_at: datetime


class CounterRow(Row):
    partner_id: UUID
    next_number: int | None = None
    received_through: int | None = None
    their_sent: int | None = None
    their_received: int | None = None
    heard_at: datetime | None = None


CounterEvent = LetterPosted | LetterArrived | HelloObserved


def project_out(event: OutgoingEvent) -> LetterOutRow:
    key: dict[str, Any] = {"partner_id": event.partner_id, "number": event.number}
    match event:
        case LetterPosted():
            return LetterOutRow(
                **key,
                event_id=event.event_id,
                source=event.source,
                source_position=event.position,
                letter_type=event.letter_type,
                thread=event.thread,
                posted_at=event.posted_at,
            )
        case LetterSent():
            return LetterOutRow(**key, attempts=event.attempt, sent_at=event.sent_at)
        case LetterVoided():
            return LetterOutRow(**key, voided_code=event.code, voided_at=event.voided_at, outcome="", code="")
        case LetterReceipted():
            return LetterOutRow(
                **key,
                outcome=event.outcome,
                code=event.code or "",
                digest=event.digest,
                answered_at=event.receipted_at,
            )
        case ReceiptDisputed():
            return LetterOutRow(
                **key,
                outcome="disputed",
                code="number_used_twice",
                digest=event.digest,
                answered_at=event.disputed_at,
            )


def project_in(event: IncomingEvent) -> LetterInRow:
    key: dict[str, Any] = {"partner_id": event.partner_id, "number": event.number}
    match event:
        case LetterArrived():
            return LetterInRow(**key, digest=event.digest, letter_type=event.letter_type, arrived_at=event.arrived_at)
        case LetterApplied():
            return LetterInRow(**key, outcome=event.outcome, code=event.code or "", applied_at=event.applied_at)


def project_alarm(event: AlarmEvent) -> QuarantineRow:
    match event:
        case LetterQuarantined():
            return QuarantineRow(
                partner_id=event.partner_id,
                digest=event.digest,
                reason=event.reason,
                number=None,
                quarantined_at=event.quarantined_at,
            )
        case LetterConflicted():
            return QuarantineRow(
                partner_id=event.partner_id,
                digest=event.digest,
                reason="number_used_twice",
                number=event.number,
                quarantined_at=event.conflicted_at,
            )


def project_counters(event: CounterEvent) -> CounterRow:
    match event:
        case LetterPosted():
            return CounterRow(partner_id=event.partner_id, next_number=event.number + 1)
        case LetterArrived():
            return CounterRow(partner_id=event.partner_id, received_through=event.through)
        case HelloObserved():
            return CounterRow(
                partner_id=event.partner_id,
                next_number=event.next_number,
                their_sent=event.their_sent,
                their_received=event.their_received,
                heard_at=event.observed_at,
            )


LETTER_OUT = Projection(
    name="letter_out_1",
    project=project_out,
    events=OutgoingEvent,
    row=LetterOutRow,
    key=("partner_id", "number"),
    into="upsert_letter_out",
    tables=("letter_out",),
)
LETTER_IN = Projection(
    name="letter_in_1",
    project=project_in,
    events=IncomingEvent,
    row=LetterInRow,
    key=("partner_id", "number"),
    into="upsert_letter_in",
    tables=("letter_in",),
)
QUARANTINE = Projection(
    name="quarantine_1",
    project=project_alarm,
    events=AlarmEvent,
    row=QuarantineRow,
    key=("partner_id", "digest"),
    into="upsert_quarantine",
    tables=("quarantine",),
)
LETTER_COUNTER = Projection(
    name="letter_counter_1",
    project=project_counters,
    events=CounterEvent,
    row=CounterRow,
    key="partner_id",
    into="upsert_letter_counter",
    tables=("letter_counter",),
)
