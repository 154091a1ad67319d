"""Before the meeting: who is invited, when and where, and who will come. Part of `decider.py`, and as pure."""

from typing import assert_never

from libs.eventlog import Rejected
from services.cases.conference.commands import (
    AnswerForPerson,
    AnswerInvitation,
    CancelConference,
    ConveneConference,
    InvitePerson,
    RescheduleConference,
)
from services.cases.conference.events import (
    ConferenceCancelled,
    ConferenceConvened,
    ConferenceEvent,
    ConferenceRescheduled,
    InvitationAnswered,
    PersonAnswered,
    PersonInvited,
)
from services.cases.conference.invited import answer_of
from services.cases.conference.stage import stage_of, wrong_stage
from services.cases.conference.state import Conference
from services.cases.conference.terms import WHOLE, Stage


def convene(command: ConveneConference, conference: Conference) -> tuple[ConferenceEvent, ...]:
    if conference.organiser is not None:
        conference.organised_by(command)
        return ()
    organiser = command.actor.organisation
    invited = [one.organisation for one in command.invitees]
    if len(set(invited)) != len(invited) or organiser in invited:
        raise Rejected(
            "invited_twice",
            "An organisation is named twice, or it is your own, which takes part anyway. Nothing was recorded. "
            "Name each other organisation once.",
        )
    if any(one.guest and one.item == WHOLE for one in command.invitees):
        raise Rejected(
            "guest_without_item",
            "A guest hears one item only, and none is named. Nothing was recorded. Choose the guest's item.",
        )
    convened = ConferenceConvened(
        conference_id=command.conference_id,
        author=organiser,
        number=1,
        told=tuple(invited),
        starts_at=command.starts_at,
        place_code=command.place_code,
        place=command.place,
        reason=command.reason,
        goal=command.goal,
        ground=command.ground,
        invitees=command.invitees,
        facilitator=command.facilitator,
        recorder=command.recorder,
        minutes_form=command.minutes_form,
    )
    return (convened,)


def decide_before(
    command: InvitePerson | AnswerForPerson | RescheduleConference | CancelConference, conference: Conference
) -> tuple[ConferenceEvent, ...]:
    conference.organised_by(command)
    stage = stage_of(conference)
    if isinstance(command, CancelConference) and stage is Stage.CANCELLED:
        return ()
    if stage in (Stage.CANCELLED, Stage.CLOSED):
        raise wrong_stage(stage)
    if stage is not Stage.CONVENED:
        raise _held()
    match command:
        case InvitePerson():
            return _invite_person(command, conference)
        case AnswerForPerson():
            return _answer_for_person(command, conference)
        case RescheduleConference():
            return _reschedule(command, conference)
        case CancelConference():
            return (ConferenceCancelled(**conference.head(command), reason=command.reason),)
        case _:
            assert_never(command)


def _invite_person(command: InvitePerson, conference: Conference) -> tuple[ConferenceEvent, ...]:
    if command.attendee_id in conference.attendees:
        return ()
    return (
        PersonInvited(
            conference_id=command.conference_id,
            attendee_id=command.attendee_id,
            name=command.name,
            person_id=command.person_id,
            item=command.item,
            support=command.support,
        ),
    )


def _answer_for_person(command: AnswerForPerson, conference: Conference) -> tuple[ConferenceEvent, ...]:
    if command.attendee_id not in conference.attendees:
        raise Rejected("not_party", "This person was not invited. Nothing was recorded. Invite the person first.")
    return (
        PersonAnswered(conference_id=command.conference_id, attendee_id=command.attendee_id, answer=command.answer),
    )


def _reschedule(command: RescheduleConference, conference: Conference) -> tuple[ConferenceEvent, ...]:
    now = conference.invitation
    for entry in conference.entries(conference.organiser):
        if isinstance(entry, ConferenceRescheduled):
            now = entry
    when_and_where = (command.starts_at, command.place_code)
    if now and (now.starts_at, now.place_code) == when_and_where and command.place is None:
        return ()
    return (
        ConferenceRescheduled(
            **conference.head(command),
            starts_at=command.starts_at,
            place_code=command.place_code,
            place=command.place,
        ),
    )


def answer_invitation(command: AnswerInvitation, conference: Conference) -> tuple[ConferenceEvent, ...]:
    """An invited organisation's answer; it may change its mind until the meeting."""
    invitee = conference.invited_as(command)
    stage = stage_of(conference)
    if stage in (Stage.CANCELLED, Stage.CLOSED):
        raise wrong_stage(stage)
    if stage is not Stage.CONVENED:
        raise _held()
    if answer_of(conference, invitee.organisation) is command.answer and command.represented_by is None:
        return ()
    return (
        InvitationAnswered(**conference.head(command), answer=command.answer, represented_by=command.represented_by),
    )


def _held() -> Rejected:
    return Rejected(
        "already_held",
        "The conference has taken place. Nothing was recorded. Who came is part of its record.",
    )
