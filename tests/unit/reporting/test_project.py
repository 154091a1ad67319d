"""The rules of a project, as sentences."""

from datetime import date, timedelta
from typing import Any

import pytest

from libs.codelists import TargetGroup
from libs.testing import spec
from services.reporting.project.decider import PROJECT
from services.reporting.project.events import Stage
from services.reporting.project.projection import project, project_figure, project_groups
from services.reporting.project.state import NotApplied, evolve
from tests.examples.reporting_project import (
    ACTUAL_END,
    COMPLETE,
    PLANNED_END,
    PROJECT_ID,
    START,
    actual_recorded,
    add_target_group,
    applied_for,
    apply_for,
    approve,
    approved,
    baseline_recorded,
    close_control_period,
    content,
    control_period_over,
    end,
    end_early,
    ended,
    ended_early,
    figure,
    final_report_submitted,
    record_actual,
    record_baseline,
    reject,
    rejected,
    set_target,
    settle,
    settled,
    start,
    started,
    submit_final_report,
    target_figure,
    target_group_added,
    target_set,
)

grant = spec(PROJECT)
APPLIED = (applied_for(),)
RUNNING = (*APPLIED, approved(), started())
ENDED_EARLY = (*RUNNING, ended_early())
ARCHIVED = (*RUNNING, ended(), final_report_submitted(), settled(), control_period_over())


@pytest.mark.parametrize(
    ("history", "command", "event"),
    [
        ((), apply_for, applied_for),
        (APPLIED, approve, approved),
        (APPLIED, reject, rejected),
        ((*APPLIED, approved()), start, started),
        (RUNNING, end, ended),
        (RUNNING, end_early, ended_early),
        ((*RUNNING, ended()), submit_final_report, final_report_submitted),
        (ENDED_EARLY, submit_final_report, final_report_submitted),
        ((*ENDED_EARLY, final_report_submitted()), settle, settled),
        ((*ENDED_EARLY, final_report_submitted(), settled()), close_control_period, control_period_over),
    ],
)
def test_each_step_follows_its_turn_and_happens_once(history: Any, command: Any, event: Any):
    grant.given(*history).when(command()).then(event())
    grant.given(*history, event()).when(command()).then_nothing_happened()


@pytest.mark.parametrize(
    ("history", "command"),
    [
        (APPLIED, start),
        (APPLIED, end),
        ((*APPLIED, approved()), reject),
        ((*APPLIED, approved()), end_early),
        (RUNNING, approve),
        (RUNNING, submit_final_report),
        (ENDED_EARLY, end),
        (ENDED_EARLY, settle),
        ((*ENDED_EARLY, final_report_submitted()), close_control_period),
        (ENDED_EARLY, add_target_group),
        (ENDED_EARLY, set_target),
        (ENDED_EARLY, record_baseline),
        (APPLIED, record_actual),
    ],
)
def test_a_step_out_of_turn_is_refused(history: Any, command: Any):
    grant.given(*history).when(command()).then_rejected("wrong_stage")


@pytest.mark.parametrize("command", [approve, start, end, submit_final_report, settle, add_target_group])
@pytest.mark.parametrize("history", [(*APPLIED, rejected()), ARCHIVED])
def test_rejected_and_archived_are_final(history: Any, command: Any):
    grant.given(*history).when(command()).then_rejected("already_terminal")


@pytest.mark.parametrize("command", [approve, start, end_early, set_target, record_actual])
def test_nothing_comes_before_the_application(command: Any):
    grant.given().when(command()).then_rejected("unknown_project")


@pytest.mark.parametrize(
    "number", ["CZ.03.2.60/0.0/0.0/16_064/0006290", "TP160044", "CZ.03.2.X/0.0/0.0/17_076/0011514", " 1 "]
)
def test_a_number_of_any_format_stays_as_it_is(number: str):
    applied = applied_for(content=content(number=number))
    grant.given().when(apply_for(content=content(number=number))).then(applied)
    assert applied.content.number == number == project(applied).number


def test_another_project_needs_its_own_id():
    grant.given(*APPLIED).when(apply_for(content=content(name="Jiný"))).then_rejected("project_exists")


def test_a_project_does_not_end_before_it_starts():
    wrong = content(planned_end=START - timedelta(days=1))
    grant.given().when(apply_for(content=wrong)).then_rejected("end_before_start")


def test_an_early_end_is_said_as_one():
    grant.given(*RUNNING).when(end(ended_on=ACTUAL_END)).then_rejected("early_end")
    grant.given(*RUNNING).when(end_early(actual_end=PLANNED_END)).then_rejected("not_early")
    grant.given(*RUNNING).when(end_early(actual_end=START - timedelta(days=1))).then_rejected("not_early")


def test_an_early_end_keeps_the_planned_one():
    row = project(ended_early())
    assert (row.actual_end, row.planned_end, row.stage) == (ACTUAL_END, None, Stage.ENDED_EARLY)


def test_a_target_group_is_added_once_while_the_project_is_open():
    grant.given(*RUNNING).when(add_target_group()).then(target_group_added())
    grant.given(*RUNNING, target_group_added()).when(add_target_group()).then_nothing_happened()
    known = add_target_group(target_group=TargetGroup.FAMILIES)
    grant.given(*RUNNING).when(known).then_nothing_happened()


def test_a_target_is_about_200_and_stays_so_when_101_are_reached():
    grant.given(*RUNNING).when(set_target()).then(target_set())
    grant.given(*RUNNING, target_set()).when(set_target()).then_nothing_happened()
    both = (*RUNNING, target_set(), actual_recorded())
    grant.given(*both).when(set_target()).then_nothing_happened()
    raised = target_set(figure=target_figure(value=250))
    grant.given(*both).when(set_target(value=250)).then(raised)


def test_an_actual_needs_no_target():
    grant.given(*RUNNING).when(record_actual()).then(actual_recorded())
    grant.given(*RUNNING, actual_recorded()).when(record_actual()).then_nothing_happened()


def test_after_an_early_end_later_work_is_no_result():
    """TP160044 ended on 30 August; a contact of 31 August is no part of it (rule K07)."""
    later = figure(period_to=date(2016, 8, 31))
    grant.given(*RUNNING).when(record_actual(figure=later)).then(actual_recorded(figure=later))
    grant.given(*ENDED_EARLY).when(record_actual(figure=later)).then_rejected("outside_period")
    grant.given(*ENDED_EARLY).when(record_actual()).then(actual_recorded())


def test_a_prior_year_is_a_baseline_and_no_result():
    grant.given(*APPLIED).when(record_baseline()).then(baseline_recorded())
    grant.given(*APPLIED, baseline_recorded()).when(record_baseline()).then_nothing_happened()
    before = baseline_recorded().figure
    grant.given(*RUNNING).when(record_actual(figure=before)).then_rejected("outside_period")
    grant.given(*RUNNING).when(record_baseline(figure=figure())).then_rejected("outside_period")


@pytest.mark.parametrize("command", [record_actual, record_baseline])
def test_a_period_does_not_end_before_it_starts(command: Any):
    upside_down = figure(period_from=ACTUAL_END, period_to=START)
    grant.given(*RUNNING).when(command(figure=upside_down)).then_rejected("end_before_start")


@pytest.mark.parametrize("event", COMPLETE, ids=lambda event: event.stored_type)
def test_every_event_has_an_answer(event: Any):
    evolve(NotApplied(), event)
    evolve(evolve(NotApplied(), applied_for()), event)


def test_rows_keep_target_baseline_and_actual_apart():
    events = (target_set(), baseline_recorded(), actual_recorded())
    assert [project_figure(event).kind for event in events] == ["target", "baseline", "actual"]
    groups = project_groups(applied_for())
    assert {row.target_group for row in groups} == set(content().target_groups)
    assert {row.project_id for row in groups} == {PROJECT_ID}
