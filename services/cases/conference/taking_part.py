"""Read models of who takes part in a conference: `conference_participant`, `conference_answer`,
`conference_person`. See `projection.py` for why answers are rows of their own.
"""

from typing import Literal, assert_never
from uuid import UUID

from libs.codelists import Need
from libs.eventlog import Line
from libs.privacy import Personal
from libs.projection import Projection, Row
from services.cases.conference.events import (
    ConferenceConvened,
    ConferenceHeld,
    GuestInvited,
    InvitationAnswered,
    MinutesConfirmed,
    MinutesConfirmedWithObjection,
    NoResponseNoted,
    PeopleAttended,
    PersonAnswered,
    PersonInvited,
)
from services.cases.conference.terms import Answer, Invitee, Presence

ParticipantEvent = (
    ConferenceConvened
    | GuestInvited
    | ConferenceHeld
    | MinutesConfirmed
    | MinutesConfirmedWithObjection
    | NoResponseNoted
)
PersonEvent = PersonInvited | PersonAnswered | PeopleAttended


class ParticipantRow(Row):
    """One invited organisation.

    confirmation_seen    how much of the organiser's log it knew when it confirmed
    no_response_number   number of the organiser's entry that noted its silence
    """

    conference_id: UUID
    organisation: UUID
    item: str | None = None
    is_full: bool | None = None
    presence: Presence | None = None
    confirmation: Literal["confirmed", "with_objection"] | None = None
    confirmation_seen: int | None = None
    no_response_number: int | None = None


def project_participant(event: ParticipantEvent) -> tuple[ParticipantRow, ...]:
    conference_id = event.conference_id
    match event:
        case ConferenceConvened():
            return tuple(_invited(conference_id, invitee) for invitee in event.invitees)
        case GuestInvited():
            return (_invited(conference_id, event.invitee),)
        case ConferenceHeld():
            return tuple(
                ParticipantRow(conference_id=conference_id, organisation=one.organisation, presence=one.presence)
                for one in event.attendance
            )
        case MinutesConfirmed():
            confirmed = ParticipantRow(
                conference_id=conference_id,
                organisation=event.author,
                confirmation="confirmed",
                confirmation_seen=event.seen,
            )
            return (confirmed,)
        case MinutesConfirmedWithObjection():
            objected = ParticipantRow(
                conference_id=conference_id,
                organisation=event.author,
                confirmation="with_objection",
                confirmation_seen=event.seen,
            )
            return (objected,)
        case NoResponseNoted():
            silent = ParticipantRow(
                conference_id=conference_id, organisation=event.organisation, no_response_number=event.number
            )
            return (silent,)
        case _:
            assert_never(event)


def _invited(conference_id: UUID, invitee: Invitee) -> ParticipantRow:
    return ParticipantRow(
        conference_id=conference_id,
        organisation=invitee.organisation,
        item=str(invitee.item),
        is_full=invitee.is_full,
    )


class AnswerRow(Row):
    """One answer to the invitation; it counts if it was given in knowledge of the last date."""

    conference_id: UUID
    organisation: UUID
    number: int
    seen: int | None = None
    answer: Answer | None = None
    represented_by: Personal[Line] | None = None


def project_answer(event: InvitationAnswered) -> AnswerRow:
    return AnswerRow(
        conference_id=event.conference_id,
        organisation=event.author,
        number=event.number,
        seen=event.seen,
        answer=event.answer,
        represented_by=event.represented_by,
    )


class PersonRow(Row):
    """One invited natural person; the organiser's own record, so its events come in order."""

    conference_id: UUID
    attendee_id: UUID
    person_id: UUID | None = None
    name: Personal[Line] | None = None
    support: Personal[Line] | None = None
    item: Need | None = None
    answer: Answer | None = None
    attended: bool | None = None


def project_person(event: PersonEvent) -> tuple[PersonRow, ...]:
    conference_id = event.conference_id
    match event:
        case PersonInvited():
            invited = PersonRow(
                conference_id=conference_id,
                attendee_id=event.attendee_id,
                person_id=event.person_id,
                name=event.name,
                support=event.support,
                item=event.item,
            )
            return (invited,)
        case PersonAnswered():
            return (PersonRow(conference_id=conference_id, attendee_id=event.attendee_id, answer=event.answer),)
        case PeopleAttended():
            return tuple(
                PersonRow(conference_id=conference_id, attendee_id=one, attended=True) for one in event.attendees
            )
        case _:
            assert_never(event)


CONFERENCE_PARTICIPANT = Projection(
    name="conference_participant_1",
    project=project_participant,
    events=ParticipantEvent,
    row=ParticipantRow,
    key=("conference_id", "organisation"),
    into="upsert_conference_participant",
    tables=("conference_participant",),
)
CONFERENCE_ANSWER = Projection(
    name="conference_answer_1",
    project=project_answer,
    events=InvitationAnswered,
    row=AnswerRow,
    key=("conference_id", "organisation", "number"),
    into="upsert_conference_answer",
    tables=("conference_answer",),
)
CONFERENCE_PERSON = Projection(
    name="conference_person_1",
    project=project_person,
    events=PersonEvent,
    row=PersonRow,
    key=("conference_id", "attendee_id"),
    into="upsert_conference_person",
    tables=("conference_person",),
)
