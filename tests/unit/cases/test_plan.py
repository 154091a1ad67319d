"""The rules of an individual plan as sentences."""

from datetime import UTC, datetime
from typing import Any

import pytest

from libs.codelists import PlanOutcome
from libs.eventlog import Event
from libs.testing.spec import spec
from services.cases.plan.decider import PLAN
from services.cases.plan.events import GoalOutcome, PlanActivated, PlanClosed
from services.cases.plan.projection import PLAN_GOAL, PLAN_LIST, PLAN_STEP
from services.cases.plan.terms import GoalResult, StepResult
from tests.examples import cases_plan as example
from tests.examples.cases_plan import (
    GOAL,
    JANA,
    OTHER_GOAL,
    OTHER_STEP,
    activate,
    activated,
    agree,
    agreed,
    cancel,
    close,
    closed,
    draft,
    drafted,
    drop,
    dropped,
    evaluate,
    evaluated,
    finish,
    move,
    note_review_due,
    plan_step,
    propose,
    proposed,
    review_due,
    revise,
    revised,
    step_cancelled,
    step_done,
    step_moved,
    step_planned,
)

plan = spec(PLAN)
DRAFT = (drafted(), proposed(), agreed(), step_planned())
ACTIVE = (*DRAFT, activated())
CLOSED = (*ACTIVE, closed())


def test_a_plan_begins_as_a_draft() -> None:
    plan.given().when(draft()).then(drafted())


def test_drafting_twice_is_nothing_new() -> None:
    plan.given(drafted()).when(draft()).then_nothing_happened()


def test_a_plan_is_about_one_person() -> None:
    plan.given(drafted()).when(draft(person_id=JANA)).then_rejected("another_person")


def test_nothing_happens_to_a_plan_that_is_not_there() -> None:
    plan.given().when(propose()).then_rejected("no_plan")
    plan.given(proposed()).when(agree()).then_rejected("no_plan")


def test_a_goal_is_proposed_agreed_and_evaluated() -> None:
    plan.given(drafted()).when(propose()).then(proposed())
    plan.given(drafted(), proposed()).when(agree()).then(agreed())
    plan.given(*ACTIVE).when(evaluate()).then(evaluated())


@pytest.mark.parametrize(
    ("history", "command"),
    [
        (DRAFT, propose()),
        (DRAFT, agree()),
        ((*DRAFT, dropped()), drop()),
        ((*ACTIVE, evaluated()), evaluate()),
        (DRAFT, plan_step()),
        ((*ACTIVE, step_done()), finish()),
        ((*ACTIVE, step_moved()), move()),
        ((*ACTIVE, step_cancelled()), cancel()),
        (ACTIVE, activate()),
        ((*ACTIVE, review_due()), note_review_due()),
        (CLOSED, close()),
    ],
)
def test_the_same_again_is_nothing_new(history: tuple[Event, ...], command: Any) -> None:
    plan.given(*history).when(command).then_nothing_happened()


def test_a_goal_may_be_dropped_before_it_is_evaluated() -> None:
    plan.given(drafted(), proposed()).when(drop()).then(dropped())
    plan.given(*ACTIVE).when(drop()).then(dropped())
    plan.given(*ACTIVE, evaluated()).when(drop()).then_rejected("already_terminal")


def test_a_dropped_goal_is_over() -> None:
    plan.given(*ACTIVE, dropped()).when(agree()).then_rejected("already_terminal")
    plan.given(*ACTIVE, dropped()).when(evaluate()).then_rejected("already_terminal")
    plan.given(*ACTIVE, dropped()).when(plan_step(step_id=OTHER_STEP)).then_rejected("already_terminal")


def test_a_goal_evaluated_once_is_not_evaluated_otherwise() -> None:
    plan.given(*ACTIVE, evaluated()).when(evaluate(result=GoalResult.PARTLY)).then_rejected("already_terminal")


def test_only_an_agreed_goal_is_evaluated() -> None:
    history = (*ACTIVE, proposed(goal_id=OTHER_GOAL))
    plan.given(*history).when(evaluate(goal_id=OTHER_GOAL)).then_rejected("not_agreed")


def test_an_unknown_goal_or_step_is_refused() -> None:
    plan.given(*ACTIVE).when(agree(goal_id=OTHER_GOAL)).then_rejected("no_such_goal")
    plan.given(*ACTIVE).when(plan_step(goal_id=OTHER_GOAL, step_id=OTHER_STEP)).then_rejected("no_such_goal")
    plan.given(*ACTIVE).when(finish(step_id=OTHER_STEP)).then_rejected("no_such_step")


def test_a_step_is_planned_done_moved_or_cancelled() -> None:
    plan.given(drafted(), proposed()).when(plan_step()).then(step_planned())
    plan.given(*ACTIVE).when(finish(result=StepResult.PARTLY)).then(step_done(result=StepResult.PARTLY))
    plan.given(*ACTIVE).when(move()).then(step_moved())
    plan.given(*ACTIVE).when(cancel()).then(step_cancelled())


@pytest.mark.parametrize("command", [finish(result=StepResult.NOT_DONE), move(), cancel()])
def test_a_finished_step_is_over(command: Any) -> None:
    plan.given(*ACTIVE, step_done()).when(command).then_rejected("already_terminal")


@pytest.mark.parametrize("command", [finish(), evaluate(), note_review_due(), revise(), close()])
def test_a_draft_is_not_worked_on(command: Any) -> None:
    plan.given(*DRAFT).when(command).then_rejected("not_active")


def test_a_plan_is_activated_with_an_agreed_goal() -> None:
    plan.given(*DRAFT).when(activate()).then(activated())
    plan.given(drafted(), proposed()).when(activate()).then_rejected("no_agreed_goal")


def test_a_review_comes_on_its_day_and_not_before() -> None:
    plan.given(*ACTIVE).when(note_review_due()).then(review_due())
    day_before = datetime(2026, 6, 9, 21, 59, tzinfo=UTC)  # 23:59 in Prague
    plan.given(*ACTIVE).when(note_review_due(occurred_at=day_before)).then_rejected("too_early")


def test_a_revision_is_a_version() -> None:
    plan.given(*ACTIVE, review_due()).when(revise()).then(revised())
    plan.given(*ACTIVE, review_due(), revised(), review_due()).when(revise()).then(revised(plan_version=3))


def test_a_plan_is_revised_in_review_only() -> None:
    plan.given(*ACTIVE).when(revise()).then_rejected("not_in_review")


def test_a_plan_closes_with_the_outcome_of_every_active_goal() -> None:
    plan.given(*ACTIVE).when(close()).then(closed())
    plan.given(*ACTIVE, review_due()).when(close()).then(closed())


def test_an_evaluated_goal_needs_no_second_outcome() -> None:
    plan.given(*ACTIVE, evaluated()).when(close(goals=())).then(closed(goals=()))


@pytest.mark.parametrize(
    "goals",
    [
        (),
        (GoalOutcome(goal_id=OTHER_GOAL, result=GoalResult.PARTLY),),
        (GoalOutcome(goal_id=GOAL, result=GoalResult.PARTLY), GoalOutcome(goal_id=GOAL, result=GoalResult.ACHIEVED)),
    ],
)
def test_no_goal_is_forgotten_or_told_twice(goals: tuple[GoalOutcome, ...]) -> None:
    plan.given(*ACTIVE).when(close(goals=goals)).then_rejected("outcome_per_goal")


@pytest.mark.parametrize("command", [propose(), agree(), finish(), activate(), note_review_due(), revise()])
def test_a_closed_plan_is_over(command: Any) -> None:
    plan.given(*CLOSED).when(command).then_rejected("already_terminal")


def test_the_ladder_of_knowledge_can_be_built_from_clear_fields() -> None:
    for cls in (PlanActivated, PlanClosed):
        assert "person_id" not in cls.subjects and "person_id" in cls.model_fields


@pytest.mark.parametrize("projection", [PLAN_LIST, PLAN_GOAL, PLAN_STEP], ids=lambda one: one.name)
def test_every_event_a_list_reads_has_a_row(projection: Any) -> None:
    for event in (*example.COMPLETE, *example.REQUIRED):
        if type(event) in projection.reads:
            said = projection.project(event)
            for row in said if isinstance(said, tuple) else (said,):
                assert isinstance(row, projection.row)


def test_closing_a_plan_settles_its_goals() -> None:
    rows = PLAN_GOAL.project(closed(outcome=PlanOutcome.PARTLY))
    assert isinstance(rows, tuple)
    assert [row.model_dump()["state"] for row in rows] == ["achieved"]
