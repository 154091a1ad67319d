"""Read models: both logs as one thread with the common state they add up to, and what the sender has to do.

A row is one entry of the thread, not one referral: letters arrive in any order, and only the whole logs say
where a referral stands. `upsert_referrals` keeps the entries and reads `common_state` anew from them.
"""

from datetime import date, datetime
from typing import Any, Literal, assert_never
from uuid import UUID

from libs.codelists import Need
from libs.eventlog import Line, Text
from libs.privacy import Personal
from libs.projection import Projection, Row
from services.cases.referral.events import (
    Entry,
    ReferralAccepted,
    ReferralAmended,
    ReferralCancelled,
    ReferralClosed,
    ReferralCompleted,
    ReferralDeclined,
    ReferralEnteredInError,
    ReferralEvent,
    ReferralExpired,
    ReferralFailed,
    ReferralIdentityDisclosed,
    ReferralOpened,
    ReferralOutcomeCorrected,
    ReferralPutWaiting,
    ReferralReceived,
    ReferralRerouted,
    ReferralResumed,
    ReferralSent,
    ReferralStarted,
    ReferralWithdrawn,
    RequestEntry,
    Urgency,
)


class EntryRow(Row):
    """One entry of a referral's thread. None: it says nothing about this.

    log      whose: the request log or the progress log; the draft is entry 0 of its own
    kind     the stored type without `referral-`: `sent`, `put_waiting`
    code     reason or outcome code; cause: of a cancellation
    text     what the author of the entry wrote; reason: what the sender wrote about the client
    """

    referral_id: UUID
    log: Literal["draft", "request", "progress"]
    number: int
    author: UUID
    kind: str
    seen: int
    occurred_at: datetime
    hosted: bool
    sender: UUID
    recipient: UUID
    person_id: UUID | None = None
    need: Need | None = None
    urgency: Urgency | None = None
    area: str | None = None
    answer_due: date | None = None
    directory_entry: UUID | None = None
    supersedes: UUID | None = None
    client_name: Personal[Line] | None = None
    contact: Personal[Line] | None = None
    reason: Personal[Text] | None = None
    code: str | None = None
    cause: str | None = None
    text: Personal[Text] | None = None
    worker: UUID | None = None
    first_meeting: date | None = None
    waiting_until: date | None = None
    client_continues: bool | None = None
    proposed: tuple[UUID, ...] | None = None


def project(event: ReferralEvent) -> EntryRow:
    match event:
        case ReferralOpened():
            return EntryRow(
                referral_id=event.referral_id,
                log="draft",
                number=0,
                author=event.sender,
                kind=_kind(event),
                seen=0,
                occurred_at=event.occurred_at,
                hosted=False,
                sender=event.sender,
                recipient=event.recipient,
                person_id=event.person_id,
                need=event.need,
                directory_entry=event.directory_entry,
                supersedes=event.supersedes,
                client_name=event.client_name,
                contact=event.contact,
                reason=event.reason,
            )
        case ReferralSent():
            return _row(
                event,
                need=event.need,
                urgency=event.urgency,
                area=event.area,
                answer_due=event.answer_due,
                directory_entry=event.directory_entry,
                supersedes=event.supersedes,
            )
        case ReferralAmended():
            return _row(event, need=event.need, urgency=event.urgency, area=event.area, answer_due=event.answer_due)
        case ReferralIdentityDisclosed():
            return _row(event, client_name=event.client_name, contact=event.contact, reason=event.reason)
        case ReferralWithdrawn():
            return _row(event, code=event.reason)
        case ReferralEnteredInError():
            return _row(event, text=event.reason)
        case ReferralAccepted():
            return _row(event, worker=event.worker, first_meeting=event.first_meeting)
        case ReferralDeclined() | ReferralFailed():
            return _row(event, code=event.code, text=event.text)
        case ReferralRerouted():
            return _row(event, proposed=event.proposed)
        case ReferralPutWaiting():
            return _row(event, text=event.reason, waiting_until=event.until)
        case ReferralStarted():
            return _row(event, first_meeting=event.first_meeting)
        case ReferralCompleted() | ReferralOutcomeCorrected():
            return _row(event, code=event.outcome)
        case ReferralCancelled():
            return _row(
                event,
                code=event.code,
                cause=event.cause,
                text=event.text,
                client_continues=event.client_continues,
            )
        case ReferralClosed() | ReferralReceived() | ReferralExpired() | ReferralResumed():
            return _row(event)
        case _:
            assert_never(event)


REFERRAL_LIST = Projection(
    name="referral_list_1",
    project=project,
    events=ReferralEvent,
    row=EntryRow,
    key=("referral_id", "log", "number"),
    into="upsert_referrals",
    tables=("referral_thread", "referral_list"),
)


class TaskRow(Row):
    """kind: the final answer that has come; done: the sender has acted on it."""

    referral_id: UUID
    sender: UUID | None = None
    recipient: UUID | None = None
    kind: str | None = None
    code: str | None = None
    since: datetime | None = None
    done: bool | None = None


FinalAnswer = (
    ReferralDeclined | ReferralRerouted | ReferralExpired | ReferralCompleted | ReferralFailed | ReferralCancelled
)


def project_task(event: FinalAnswer | ReferralClosed | ReferralEnteredInError) -> TaskRow:
    match event:
        case ReferralClosed() | ReferralEnteredInError():
            return TaskRow(referral_id=event.referral_id, done=True)
        case ReferralDeclined() | ReferralFailed() | ReferralCancelled():
            return _task(event, event.code)
        case ReferralCompleted():
            return _task(event, event.outcome)
        case ReferralRerouted() | ReferralExpired():
            return _task(event, None)
        case _:
            assert_never(event)


REFERRAL_TASK = Projection(
    name="referral_task_1",
    project=project_task,
    events=FinalAnswer | ReferralClosed | ReferralEnteredInError,
    row=TaskRow,
    key="referral_id",
    into="upsert_referral_task",
    tables=("referral_task",),
)


def _row(event: Entry, **content: Any) -> EntryRow:
    return EntryRow(
        referral_id=event.referral_id,
        log="request" if isinstance(event, RequestEntry) else "progress",
        number=event.number,
        author=event.author,
        kind=_kind(event),
        seen=event.seen,
        occurred_at=event.occurred_at,
        hosted=event.hosted,
        sender=event.sender,
        recipient=event.recipient,
        **content,
    )


def _task(event: FinalAnswer, code: str | None) -> TaskRow:
    return TaskRow(
        referral_id=event.referral_id,
        sender=event.sender,
        recipient=event.recipient,
        kind=_kind(event),
        code=code,
        since=event.occurred_at,
    )


def _kind(event: ReferralOpened | Entry) -> str:
    return event.stored_type.removeprefix("referral-").replace("-", "_")
