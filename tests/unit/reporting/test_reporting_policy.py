"""Who may do what in `reporting`."""

from datetime import date
from typing import Any

import pytest

from libs.codelists import Role
from libs.eventlog import Actor
from libs.messaging import Query
from services.reporting.figures.views import MonthlyCounts, Wandering
from services.reporting.policy import may
from services.reporting.project.views import Projects
from services.reporting.published import PUBLISHED
from tests.examples.reporting_project import TOWN, VIT, apply_for, end_early, record_actual

YEAR: dict[str, Any] = {"first_day": date(2026, 1, 1), "last_day": date(2026, 12, 31)}


def actor(*roles: Role) -> Actor:
    return Actor(user=VIT, organisation=TOWN, roles=frozenset(roles))


@pytest.mark.parametrize("command", [apply_for(), end_early(), record_actual()])
def test_only_the_project_manager_keeps_projects(command: Any):
    assert may(actor(Role.PROJECT_MANAGER), command).allow
    for role in set(Role) - {Role.PROJECT_MANAGER}:
        assert not may(actor(role), command).allow


def test_a_team_leader_reads_projects():
    assert may(actor(Role.TEAM_LEADER), Projects(actor=actor())).allow
    assert not may(actor(Role.OUTREACH_WORKER), Projects(actor=actor())).allow


@pytest.mark.parametrize("query", [MonthlyCounts, Wandering])
def test_who_does_the_work_sees_what_is_counted(query: Any):
    assert may(actor(Role.OUTREACH_WORKER), query(actor=actor(), **YEAR)).allow
    assert not may(actor(Role.RECORDER), query(actor=actor(), **YEAR)).allow


def test_what_nobody_wrote_a_rule_for_is_denied():
    assert not may(actor(*Role), Query(actor=actor())).allow


def test_everything_published_has_a_rule():
    commands = [cls for classes in PUBLISHED.commands.values() for cls in classes]
    for cls in [*commands, *(question for question, _ in PUBLISHED.queries.values())]:
        assert may(actor(*Role), cls.model_construct()).rule != "nobody_may", cls
