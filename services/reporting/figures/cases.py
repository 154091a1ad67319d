"""Facts from `cases`: `referral_fact`, `agreement_fact`. No person is named, only opaque ids.

A referral fact is one entry of one of its two logs. Letters come in any order, so where a referral stands is
read from the whole logs by the query, and never from what arrived last.
"""

from datetime import date
from typing import Literal, assert_never
from uuid import UUID

from libs.codelists import AgreementRefusal, LegalGround, Need
from libs.projection import Projection, Row, classes_of
from services.cases.agreement.events import AgreementConcluded, AgreementEnded, AgreementRefused
from services.cases.referral.events import (
    Entry,
    ReferralAmended,
    ReferralCancelled,
    ReferralDeclined,
    ReferralEvent,
    ReferralFailed,
    ReferralOpened,
    ReferralSent,
    ReferralStarted,
    RequestEntry,
)
from services.reporting.figures.contacts import prague_day


class ReferralRow(Row):
    """One entry of a referral. None: it says nothing about this column.

    log      draft: opened here, so it is ours to send; request: the sender's; progress: the recipient's
    kind     the stored type without `referral-`: `sent`, `put_waiting`
    cause    of a cancellation; code: why it was declined, failed or cancelled
    started_on   day of the first meeting
    """

    referral_id: UUID
    log: Literal["draft", "request", "progress"]
    number: int
    seen: int
    kind: str
    happened_on: date
    need: Need | None = None
    area: str | None = None
    ground: LegalGround | None = None
    code: str | None = None
    cause: str | None = None
    started_on: date | None = None


class AgreementRow(Row):
    """What one event says about an agreement. None: it says nothing about this column."""

    agreement_id: UUID
    person_id: UUID
    concluded_on: date | None = None
    ended_on: date | None = None
    refused_on: date | None = None
    refusal: AgreementRefusal | None = None


def project_referral(event: ReferralEvent) -> ReferralRow:
    if isinstance(event, ReferralOpened):
        return ReferralRow(
            referral_id=event.referral_id,
            log="draft",
            number=0,
            seen=0,
            kind=_kind(event),
            happened_on=prague_day(event.occurred_at),
            need=event.need,
        )
    asked = event if isinstance(event, ReferralSent | ReferralAmended) else None
    coded = event if isinstance(event, ReferralDeclined | ReferralFailed | ReferralCancelled) else None
    return ReferralRow(
        referral_id=event.referral_id,
        log="request" if isinstance(event, classes_of(RequestEntry)) else "progress",
        number=event.number,
        seen=event.seen,
        kind=_kind(event),
        happened_on=prague_day(event.occurred_at),
        need=asked.need if asked else None,
        area=asked.area if asked else None,
        ground=event.ground if isinstance(event, ReferralSent) else None,
        code=coded.code if coded else None,
        cause=event.cause if isinstance(event, ReferralCancelled) else None,
        started_on=event.first_meeting if isinstance(event, ReferralStarted) else None,
    )


def _kind(event: ReferralOpened | Entry) -> str:
    return event.stored_type.removeprefix("referral-").replace("-", "_")


def project_agreement(event: AgreementConcluded | AgreementEnded | AgreementRefused) -> AgreementRow:
    match event:
        case AgreementConcluded():
            return AgreementRow(
                agreement_id=event.agreement_id, person_id=event.person_id, concluded_on=event.concluded_on
            )
        case AgreementEnded():
            return AgreementRow(agreement_id=event.agreement_id, person_id=event.person_id, ended_on=event.ended_on)
        case AgreementRefused():
            return AgreementRow(
                agreement_id=event.agreement_id,
                person_id=event.person_id,
                refused_on=event.refused_on,
                refusal=event.reason,
            )
        case _:
            assert_never(event)


REFERRAL_FACT = Projection(
    name="referral_fact_1",
    project=project_referral,
    events=ReferralEvent,
    row=ReferralRow,
    key=("referral_id", "log", "number"),
    into="upsert_referral_fact",
    tables=("referral_fact",),
)
AGREEMENT_FACT = Projection(
    name="agreement_fact_1",
    project=project_agreement,
    events=AgreementConcluded | AgreementEnded | AgreementRefused,
    row=AgreementRow,
    key="agreement_id",
    into="upsert_agreement_fact",
    tables=("agreement_fact",),
)
