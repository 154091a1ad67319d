"""The meeting itself: who came, and which measures were agreed. Part of `decider.py`, and as pure."""

from uuid import UUID

from libs.codelists import Role
from libs.eventlog import Rejected
from services.cases.conference.commands import AssignAction, DraftMinutes, HoldConference
from services.cases.conference.events import (
    ActionAssigned,
    ConferenceConvened,
    ConferenceEvent,
    ConferenceHeld,
    PeopleAttended,
)
from services.cases.conference.measures import measures
from services.cases.conference.stage import stage_of, wrong_stage
from services.cases.conference.state import Conference
from services.cases.conference.terms import Stage

OF_ONE_CONFERENCE = frozenset({Role.FACILITATOR, Role.RECORDER})
"""Roles that count only for the conference that names the user (domain.md §1)."""
UNTIL_ISSUED = (Stage.HELD, Stage.MINUTES_DRAFTED, Stage.COMMENTS_OPEN)


def decide_meeting(command: HoldConference | AssignAction, conference: Conference) -> tuple[ConferenceEvent, ...]:
    at_the_table(command, conference)
    return _hold(command, conference) if isinstance(command, HoldConference) else _assign(command, conference)


def at_the_table(command: HoldConference | AssignAction | DraftMinutes, conference: Conference) -> None:
    """Raises Rejected unless the organiser acts; a mere facilitator or recorder must be this conference's."""
    conference.organised_by(command)
    named = conference.invitation
    if (
        isinstance(named, ConferenceConvened)
        and command.actor.roles <= OF_ONE_CONFERENCE
        and command.actor.user not in (named.facilitator, named.recorder)
    ):
        raise Rejected(
            "not_party",
            "You neither facilitate nor record this conference. Nothing was recorded. Ask the organiser.",
        )


def _hold(command: HoldConference, conference: Conference) -> tuple[ConferenceEvent, ...]:
    stage = stage_of(conference)
    if stage is Stage.CANCELLED:
        raise wrong_stage(stage)
    if stage is not Stage.CONVENED:
        return ()
    named = [one.organisation for one in command.attendance]
    if len(set(named)) != len(named) or any(conference.invitee(one) is None for one in named):
        raise not_invited()
    if not set(command.people_present) <= set(conference.attendees):
        raise not_invited()
    held = ConferenceHeld(
        **conference.head(command),
        started_at=command.started_at,
        ended_at=command.ended_at,
        attendance=command.attendance,
    )
    if not command.people_present:
        return (held,)
    return (held, PeopleAttended(conference_id=command.conference_id, attendees=command.people_present))


def _assign(command: AssignAction, conference: Conference) -> tuple[ConferenceEvent, ...]:
    if command.action_id in measures(conference):
        return ()
    stage = stage_of(conference)
    if stage not in UNTIL_ISSUED:
        raise wrong_stage(stage)
    takes_part(command.responsible, conference)
    takes_part(command.watched_by, conference)
    return (
        ActionAssigned(
            **conference.head(command),
            action_id=command.action_id,
            responsible=command.responsible,
            title=command.title,
            due=command.due,
            watched_by=command.watched_by,
        ),
    )


def takes_part(organisation: UUID | None, conference: Conference) -> None:
    """Raises Rejected `not_party` for an organisation that is neither invited nor the organiser."""
    if organisation not in (None, conference.organiser) and conference.invitee(organisation) is None:
        raise not_invited()


def not_invited() -> Rejected:
    return Rejected(
        "not_party",
        "Somebody named here was not invited, or is named twice. Nothing was recorded. "
        "Choose among those who take part.",
    )
