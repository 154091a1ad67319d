"""How a case conference is decided. Pure: no clock, no chance, no I/O.

    convened → held → minutes drafted → comments open → minutes issued ⇄ in review → closed
             → cancelled

The organiser writes these; invited organisations answer, comment, confirm, and work on their measures, each in
its own log. `stage.py`, `invited.py` and `measures.py` read all logs into one state, in whatever order they came.
"""

from typing import assert_never
from uuid import UUID

from libs.eventlog import Decider
from services.cases.conference.commands import (
    AcknowledgeAction,
    AnswerForPerson,
    AnswerInvitation,
    AssignAction,
    CancelAction,
    CancelConference,
    CloseConference,
    CommentMinutes,
    ConferenceCommand,
    ConfirmMinutes,
    ConfirmMinutesWithObjection,
    ConveneConference,
    DisputeAction,
    DraftMinutes,
    FinishAction,
    HoldConference,
    HoldReview,
    InvitePerson,
    IssueMinutes,
    MoveActionDue,
    NoteActionProgress,
    NoteNoResponse,
    OpenComments,
    ReassignAction,
    RescheduleConference,
    SetNextReview,
)
from services.cases.conference.convening import answer_invitation, convene, decide_before
from services.cases.conference.events import (
    ConferenceConvened,
    ConferenceEvent,
    GuestInvited,
    MinutesDrafted,
    PeopleAttended,
    PersonAnswered,
    PersonInvited,
    SharedConferenceEvent,
)
from services.cases.conference.meeting import decide_meeting
from services.cases.conference.minutes import answer_minutes, decide_minutes
from services.cases.conference.review import decide_review
from services.cases.conference.sharing import disclose, receive
from services.cases.conference.state import Conference, Log
from services.cases.conference.work import decide_work


def decide(command: ConferenceCommand, conference: Conference) -> tuple[ConferenceEvent, ...]:
    """The events to append. `()`: already so. `Rejected`: cannot be, and what to do instead."""
    match command:
        case ConveneConference():
            return convene(command, conference)
        case InvitePerson() | AnswerForPerson() | RescheduleConference() | CancelConference():
            return decide_before(command, conference)
        case HoldConference() | AssignAction():
            return decide_meeting(command, conference)
        case DraftMinutes() | OpenComments() | IssueMinutes() | NoteNoResponse():
            return decide_minutes(command, conference)
        case HoldReview() | CancelAction() | ReassignAction() | SetNextReview() | CloseConference():
            return decide_review(command, conference)
        case AnswerInvitation():
            return answer_invitation(command, conference)
        case CommentMinutes() | ConfirmMinutes() | ConfirmMinutesWithObjection():
            return answer_minutes(command, conference)
        case AcknowledgeAction() | DisputeAction() | NoteActionProgress() | MoveActionDue() | FinishAction():
            return decide_work(command, conference)
        case _:
            assert_never(command)


def evolve(conference: Conference, event: ConferenceEvent) -> Conference:
    """Total: an entry goes into its author's log and nowhere else, so no order of arrival matters."""
    match event:
        case PersonInvited():
            attendees = (*conference.attendees, event.attendee_id)
            return _with(conference, attendees=attendees)
        case PersonAnswered() | PeopleAttended():
            return conference
        case MinutesDrafted():
            return Conference(
                organiser=conference.organiser,
                logs=conference.logs,
                attendees=conference.attendees,
                drafts=event.draft,
                draft=event.text,
            )
        case _:
            return _entered(conference, event)


def _entered(conference: Conference, entry: SharedConferenceEvent) -> Conference:
    organiser: UUID | None = conference.organiser
    if organiser is None and entry.number == 1 and isinstance(entry, ConferenceConvened | GuestInvited):
        organiser = entry.author
    log = conference.logs.get(entry.author, Log()).add(entry)
    return _with(conference, organiser=organiser, logs={**conference.logs, entry.author: log})


def _with(
    conference: Conference,
    *,
    organiser: UUID | None = None,
    logs: dict[UUID, Log] | None = None,
    attendees: tuple[UUID, ...] | None = None,
) -> Conference:
    return Conference(
        organiser=organiser or conference.organiser,
        logs=conference.logs if logs is None else logs,
        attendees=conference.attendees if attendees is None else attendees,
        drafts=conference.drafts,
        draft=conference.draft,
    )


CONFERENCE: Decider[ConferenceCommand, Conference, ConferenceEvent] = Decider(
    name="conference",
    key="conference_id",
    initial=Conference(),
    commands=ConferenceCommand,
    events=ConferenceEvent,
    decide=decide,
    evolve=evolve,
    receive=receive,
    disclose=disclose,
)
