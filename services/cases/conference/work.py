"""Work on a measure by whoever is responsible for it. Part of `decider.py`, and as pure."""

from typing import assert_never

from libs.eventlog import Rejected
from services.cases.conference.commands import (
    AcknowledgeAction,
    CancelAction,
    DisputeAction,
    FinishAction,
    MeasureCommand,
    MoveActionDue,
    NoteActionProgress,
    ReassignAction,
)
from services.cases.conference.events import (
    ActionAcknowledged,
    ActionDisputed,
    ActionDueMoved,
    ActionFinished,
    ActionProgressNoted,
    ConferenceEvent,
)
from services.cases.conference.measures import Measure, measures
from services.cases.conference.stage import stage_of, wrong_stage
from services.cases.conference.state import Conference, unknown
from services.cases.conference.terms import MeasureState, Stage


def decide_work(command: MeasureCommand, conference: Conference) -> tuple[ConferenceEvent, ...]:
    measure = measure_of(command, conference)
    if measure.responsible != command.actor.organisation:
        raise Rejected(
            "not_owner",
            "Another organisation is responsible for this measure. Nothing was recorded. Ask the organiser.",
        )
    if _already(command, measure):
        return ()
    if (stage := stage_of(conference)) in (Stage.CANCELLED, Stage.CLOSED):
        raise wrong_stage(stage)
    _fits(command, measure)
    head = conference.head(command)
    match command:
        case AcknowledgeAction():
            return (ActionAcknowledged(**head, action_id=command.action_id),)
        case DisputeAction():
            return (ActionDisputed(**head, action_id=command.action_id, reason=command.reason),)
        case NoteActionProgress():
            return (ActionProgressNoted(**head, action_id=command.action_id, note=command.note),)
        case MoveActionDue():
            return (ActionDueMoved(**head, action_id=command.action_id, due=command.due, reason=command.reason),)
        case FinishAction():
            return (
                ActionFinished(**head, action_id=command.action_id, result=command.result, evidence=command.evidence),
            )
        case _:
            assert_never(command)


def measure_of(command: MeasureCommand | CancelAction | ReassignAction, conference: Conference) -> Measure:
    """Raises Rejected if no such measure is known here."""
    if conference.organiser is None:
        raise unknown()
    measure = measures(conference).get(command.action_id)
    if measure is None:
        raise Rejected(
            "no_such_action", "No such measure is known here. Nothing was recorded. Open the conference again."
        )
    return measure


def _already(command: MeasureCommand, measure: Measure) -> bool:
    match command:
        case AcknowledgeAction():
            return measure.state is MeasureState.IN_PROGRESS
        case DisputeAction():
            return measure.state is MeasureState.DISPUTED
        case MoveActionDue():
            return measure.state is MeasureState.IN_PROGRESS and measure.due == command.due
        case FinishAction():
            return measure.state is MeasureState(command.result)
        case NoteActionProgress():
            return False
        case _:
            assert_never(command)


def _fits(command: MeasureCommand, measure: Measure) -> None:
    """Raises Rejected unless the measure is where this wish needs it to be."""
    needed = (
        MeasureState.ASSIGNED if isinstance(command, AcknowledgeAction | DisputeAction) else MeasureState.IN_PROGRESS
    )
    if measure.state is needed:
        return
    match measure.state:
        case MeasureState.ASSIGNED:
            raise Rejected(
                "not_acknowledged",
                "The measure was not taken on yet. Nothing was recorded. Acknowledge it first, or dispute it.",
            )
        case MeasureState.IN_PROGRESS:
            raise Rejected(
                "already_acknowledged",
                "The measure was taken on already. Nothing was recorded. Finish it as not done, with the reason.",
            )
        case MeasureState.DISPUTED:
            raise Rejected(
                "disputed",
                "The measure is disputed and waits for the organiser's review. Nothing was recorded. "
                "Talk to the organiser.",
            )
        case _:
            raise Rejected(
                "already_terminal",
                "This measure is finished or cancelled. Nothing was recorded, its record stays.",
            )
