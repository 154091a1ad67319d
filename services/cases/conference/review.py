"""The review: what became of the measures, and the end. Part of `decider.py`, and as pure."""

from typing import assert_never

from libs.eventlog import Rejected
from services.cases.conference.commands import (
    CancelAction,
    CloseConference,
    HoldReview,
    ReassignAction,
    ReviewCommand,
    SetNextReview,
)
from services.cases.conference.events import (
    ActionCancelled,
    ActionReassigned,
    ConferenceClosed,
    ConferenceEvent,
    NextReviewSet,
    ReviewHeld,
)
from services.cases.conference.measures import Measure, measures
from services.cases.conference.meeting import takes_part
from services.cases.conference.stage import stage_of, wrong_stage
from services.cases.conference.state import Conference
from services.cases.conference.terms import Found, MeasureState, Stage
from services.cases.conference.work import measure_of
from services.cases.days import day_of


def decide_review(command: ReviewCommand, conference: Conference) -> tuple[ConferenceEvent, ...]:
    conference.organised_by(command)
    stage = stage_of(conference)
    if isinstance(command, HoldReview):
        return _hold(command, conference)
    if isinstance(command, CloseConference) and stage is Stage.CLOSED:
        return ()
    if stage is Stage.MINUTES_ISSUED:
        raise Rejected("not_in_review", "This is decided at a review. Nothing was recorded. Hold the review first.")
    if stage is not Stage.IN_REVIEW:
        raise wrong_stage(stage)
    match command:
        case CancelAction():
            return _cancel(command, conference)
        case ReassignAction():
            return _reassign(command, conference)
        case SetNextReview():
            return (NextReviewSet(**conference.head(command), review_on=command.review_on),)
        case CloseConference():
            return (_close(command, conference),)
        case _:
            assert_never(command)


def _hold(command: HoldReview, conference: Conference) -> tuple[ConferenceEvent, ...]:
    stage = stage_of(conference)
    if stage is Stage.IN_REVIEW:
        return ()
    if stage is not Stage.MINUTES_ISSUED:
        raise wrong_stage(stage)
    found = tuple(Found(action_id=measure.action_id, state=measure.state) for measure in measures(conference).values())
    return (
        ReviewHeld(**conference.head(command), held_on=day_of(command.occurred_at), found=found, note=command.note),
    )


def _cancel(command: CancelAction, conference: Conference) -> tuple[ConferenceEvent, ...]:
    measure = measure_of(command, conference)
    if measure.state is MeasureState.CANCELLED:
        return ()
    _still_open(measure)
    assert measure.responsible is not None, "the organiser knows who is responsible"
    return (
        ActionCancelled(
            **conference.head(command),
            action_id=command.action_id,
            responsible=measure.responsible,
            watched_by=measure.watched_by,
            reason=command.reason,
        ),
    )


def _reassign(command: ReassignAction, conference: Conference) -> tuple[ConferenceEvent, ...]:
    measure = measure_of(command, conference)
    _still_open(measure)
    takes_part(command.responsible, conference)
    takes_part(command.watched_by, conference)
    if measure.responsible == command.responsible and measure.state is MeasureState.ASSIGNED:
        return ()
    assert measure.responsible is not None, "the organiser knows who is responsible"
    return (
        ActionReassigned(
            **conference.head(command),
            action_id=command.action_id,
            previous=measure.responsible,
            responsible=command.responsible,
            title=measure.title,
            due=command.due,
            watched_by=command.watched_by,
        ),
    )


def _close(command: CloseConference, conference: Conference) -> ConferenceClosed:
    still_open = sum(measure.state.is_open for measure in measures(conference).values())
    if still_open:
        raise Rejected(
            "action_open",
            f"Measures still open: {still_open}. Nothing was recorded. "
            "Set the next review, or cancel what nobody will do.",
        )
    return ConferenceClosed(**conference.head(command), closed_on=day_of(command.occurred_at))


def _still_open(measure: Measure) -> None:
    if not measure.state.is_open:
        raise Rejected(
            "already_terminal", "This measure is finished or cancelled. Nothing was recorded, its record stays."
        )
