"""Read models of a conference: `conference_list`, `conference_date`; the others stand in `taking_part.py`
(participants, answers, persons) and `record.py` (minutes, measures).

Letters come late and out of order, and a projection sees one event at a time. So each fact has a column, or a
row with the author's number, of its own: nothing that arrives later can overwrite what was said later. The named
queries put stage and states together, with the rules of `stage.py`, `invited.py` and `measures.py`.
"""

from datetime import date
from typing import assert_never
from uuid import UUID

from pydantic import AwareDatetime

from libs.codelists import MunicipalityCode
from libs.eventlog import Line, Text
from libs.privacy import Personal
from libs.projection import Projection, Row
from services.cases.conference.events import (
    CommentsOpened,
    ConferenceCancelled,
    ConferenceClosed,
    ConferenceConvened,
    ConferenceHeld,
    ConferenceRescheduled,
    GuestInvited,
    MinutesDrafted,
    MinutesIssued,
    NextReviewSet,
    ReviewHeld,
)
from services.cases.conference.record import CONFERENCE_ACTION, CONFERENCE_MINUTES
from services.cases.conference.taking_part import CONFERENCE_ANSWER, CONFERENCE_PARTICIPANT, CONFERENCE_PERSON
from services.cases.conference.terms import MinutesForm

ConferenceListEvent = (
    ConferenceConvened
    | GuestInvited
    | ConferenceCancelled
    | ConferenceHeld
    | MinutesDrafted
    | CommentsOpened
    | MinutesIssued
    | ConferenceClosed
)
ConferenceDateEvent = ConferenceConvened | GuestInvited | ConferenceRescheduled | ReviewHeld | NextReviewSet


class ConferenceRow(Row):
    """What happens once in a conference. None: the event says nothing about this column.

    item   on a guest's node its item, elsewhere `all`
    """

    conference_id: UUID
    organiser: UUID | None = None
    item: str | None = None
    reason: Personal[Text] | None = None
    goal: Personal[Text] | None = None
    facilitator: UUID | None = None
    recorder: UUID | None = None
    minutes_form: MinutesForm | None = None
    cancelled: bool | None = None
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    drafted: bool | None = None
    comments_until: date | None = None
    issued_on: date | None = None
    confirm_by: date | None = None
    closed_on: date | None = None


def project_conference(event: ConferenceListEvent) -> ConferenceRow:
    conference_id = event.conference_id
    match event:
        case ConferenceConvened():
            return ConferenceRow(
                conference_id=conference_id,
                organiser=event.author,
                item="all",
                reason=event.reason,
                goal=event.goal,
                facilitator=event.facilitator,
                recorder=event.recorder,
                minutes_form=event.minutes_form,
            )
        case GuestInvited():
            return ConferenceRow(conference_id=conference_id, organiser=event.author, item=str(event.invitee.item))
        case ConferenceCancelled():
            return ConferenceRow(conference_id=conference_id, cancelled=True)
        case ConferenceHeld():
            return ConferenceRow(conference_id=conference_id, started_at=event.started_at, ended_at=event.ended_at)
        case MinutesDrafted():
            return ConferenceRow(conference_id=conference_id, drafted=True)
        case CommentsOpened():
            return ConferenceRow(conference_id=conference_id, comments_until=event.until)
        case MinutesIssued():
            return ConferenceRow(conference_id=conference_id, issued_on=event.issued_on, confirm_by=event.confirm_by)
        case ConferenceClosed():
            return ConferenceRow(conference_id=conference_id, closed_on=event.closed_on)
        case _:
            assert_never(event)


class DateRow(Row):
    """A day of a conference: a (new) date of the meeting, a review that was held, or the next one.

    number   of the organiser's entry that says so; the highest number of its kind counts
    """

    conference_id: UUID
    number: int
    starts_at: AwareDatetime | None = None
    place_code: MunicipalityCode | None = None
    place: Personal[Line] | None = None
    held_on: date | None = None
    review_on: date | None = None
    note: Personal[Text] | None = None


def project_date(event: ConferenceDateEvent) -> DateRow:
    conference_id, number = event.conference_id, event.number
    match event:
        case ConferenceConvened() | ConferenceRescheduled():
            return DateRow(
                conference_id=conference_id,
                number=number,
                starts_at=event.starts_at,
                place_code=event.place_code,
                place=event.place,
            )
        case GuestInvited():
            return DateRow(
                conference_id=conference_id, number=number, starts_at=event.starts_at, place_code=event.place_code
            )
        case ReviewHeld():
            return DateRow(conference_id=conference_id, number=number, held_on=event.held_on, note=event.note)
        case NextReviewSet():
            return DateRow(conference_id=conference_id, number=number, review_on=event.review_on)
        case _:
            assert_never(event)


CONFERENCE_LIST = Projection(
    name="conference_list_1",
    project=project_conference,
    events=ConferenceListEvent,
    row=ConferenceRow,
    key="conference_id",
    into="upsert_conference_list",
    tables=("conference_list",),
)
CONFERENCE_DATE = Projection(
    name="conference_date_1",
    project=project_date,
    events=ConferenceDateEvent,
    row=DateRow,
    key=("conference_id", "number"),
    into="upsert_conference_date",
    tables=("conference_date",),
)
CONFERENCE_PROJECTIONS = (
    CONFERENCE_LIST,
    CONFERENCE_DATE,
    CONFERENCE_PARTICIPANT,
    CONFERENCE_ANSWER,
    CONFERENCE_PERSON,
    CONFERENCE_MINUTES,
    CONFERENCE_ACTION,
)
