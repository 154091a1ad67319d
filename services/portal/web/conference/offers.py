"""What one person may do with a conference now: the commands that would not be refused. Pure.

The rules themselves stand in `services/cases/conference`; a page that offers too little or too much is wrong here.
"""

from services.cases.conference.commands import (
    AcknowledgeAction,
    AnswerForPerson,
    AnswerInvitation,
    AssignAction,
    CancelAction,
    CancelConference,
    CloseConference,
    CommentMinutes,
    ConferenceWish,
    ConfirmMinutes,
    ConfirmMinutesWithObjection,
    DisputeAction,
    DraftMinutes,
    FinishAction,
    HoldConference,
    HoldReview,
    InvitePerson,
    IssueMinutes,
    MoveActionDue,
    NoteActionProgress,
    OpenComments,
    ReassignAction,
    RescheduleConference,
    SetNextReview,
)
from services.cases.conference.terms import Copy, MeasureState, Stage
from services.cases.conference.views import ConferenceActionView
from services.portal.web.conference.desk import ENDED, Desk

Offers = frozenset[str]
"""Names of command classes."""


def offers(desk: Desk) -> Offers:
    """What may be done with the conference itself."""
    return _names(*(_organiser(desk) if desk.is_ours else _invited(desk)))


def measure_offers(desk: Desk, measure: ConferenceActionView) -> Offers:
    """What may be done with one of its measures."""
    may: list[type[ConferenceWish]] = []
    if measure.responsible == desk.actor.organisation and desk.reads and desk.stage not in ENDED:
        if measure.state is MeasureState.ASSIGNED:
            may += [AcknowledgeAction, DisputeAction]
        elif measure.state is MeasureState.IN_PROGRESS:
            may += [FinishAction, NoteActionProgress, MoveActionDue]
    if desk.steers and desk.stage is Stage.IN_REVIEW and measure.state.is_open:
        may += [ReassignAction, CancelAction]
    return _names(*may)


def _organiser(desk: Desk) -> list[type[ConferenceWish]]:
    steering: list[type[ConferenceWish]] = []
    recording: list[type[ConferenceWish]] = []
    match desk.stage:
        case Stage.CONVENED:
            steering = [InvitePerson, AnswerForPerson, RescheduleConference, CancelConference]
            recording = [HoldConference]
        case Stage.HELD:
            recording = [AssignAction, DraftMinutes]
        case Stage.MINUTES_DRAFTED:
            recording, steering = [AssignAction, DraftMinutes], [OpenComments]
        case Stage.COMMENTS_OPEN:
            recording = [AssignAction, DraftMinutes]
            until = desk.conference.comments_until
            steering = [IssueMinutes] if until is not None and desk.today > until else []
        case Stage.MINUTES_ISSUED:
            steering = [HoldReview]
        case Stage.IN_REVIEW:
            steering = [SetNextReview] if desk.still_open else [SetNextReview, CloseConference]
        case Stage.NOT_CONVENED | Stage.CANCELLED | Stage.CLOSED:
            pass
    return [*(steering if desk.steers else ()), *(recording if desk.at_table else ())]


def _invited(desk: Desk) -> list[type[ConferenceWish]]:
    own, conference = desk.own, desk.conference
    if own is None or not desk.reads:
        return []
    match desk.stage:
        case Stage.CONVENED:
            return [AnswerInvitation]
        case Stage.COMMENTS_OPEN if own.is_full and conference.comments_until is not None:
            return [CommentMinutes] if desk.today <= conference.comments_until else []
        case Stage.MINUTES_ISSUED | Stage.IN_REVIEW if own.minutes is Copy.WAITING:
            return [ConfirmMinutes, ConfirmMinutesWithObjection]
        case _:
            return []


def _names(*commands: type[ConferenceWish]) -> Offers:
    return frozenset(command.__name__ for command in commands)
