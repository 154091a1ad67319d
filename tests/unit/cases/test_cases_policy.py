"""Who may ask what about agreements, plans and conferences."""

from typing import Any

import pytest

from libs.codelists import Role
from libs.eventlog import Actor
from services.cases.agreement.events import AgreementEnd
from services.cases.agreement.views import Agreements
from services.cases.conference.views import ConferenceMinutes, Conferences, OpenActions
from services.cases.policy import may
from services.cases.published import PUBLISHED
from tests.examples import cases_agreement as agreement
from tests.examples import cases_conference as conference
from tests.examples import cases_plan as plan
from tests.examples.cases_conference import CONFERENCE_ID, NIT, OSPOD


def acting(*roles: Role) -> Actor:
    return Actor(user=conference.LENKA, organisation=OSPOD, roles=frozenset(roles))


@pytest.mark.parametrize(
    ("command", "role"),
    [
        (agreement.open_negotiation(), Role.OUTREACH_WORKER),
        (agreement.conclude(), Role.KEY_WORKER),
        (agreement.refuse(), Role.TEAM_LEADER),
        (agreement.end(), Role.KEY_WORKER),
        (agreement.end(ending=AgreementEnd.PROVIDER_NOTICE), Role.TEAM_LEADER),
        (plan.close(), Role.KEY_WORKER),
        (plan.finish(), Role.OUTREACH_WORKER),
        (plan.note_review_due(), Role.NODE),
        (conference.convene(), Role.OSPOD_WORKER),
        (conference.assign(), Role.RECORDER),
        (conference.hold(), Role.FACILITATOR),
        (conference.issue(), Role.OSPOD_WORKER),
        (conference.note_no_response(), Role.NODE),
        (conference.confirm(), Role.COUNSELLOR),
        (conference.finish(), Role.COUNSELLOR),
        (conference.close(), Role.OSPOD_WORKER),
    ],
)
def test_whose_work_it_is_may_do_it(command: Any, role: Role) -> None:
    assert may(acting(role), command).allow
    assert not may(acting(), command).allow
    assert not may(acting(Role.NODE_ADMINISTRATOR, Role.DPO), command).allow


@pytest.mark.parametrize(
    ("command", "role"),
    [
        (agreement.conclude(), Role.OUTREACH_WORKER),
        (agreement.refuse(), Role.KEY_WORKER),
        (agreement.end(ending=AgreementEnd.PROVIDER_NOTICE), Role.KEY_WORKER),
        (plan.close(), Role.OUTREACH_WORKER),
        (conference.convene(), Role.RECORDER),
        (conference.issue(), Role.FACILITATOR),
        (conference.note_no_response(), Role.OSPOD_WORKER),
    ],
)
def test_what_is_not_theirs_they_may_not_do(command: Any, role: Role) -> None:
    assert not may(acting(role), command).allow


def test_a_recorder_reads_only_the_conferences_that_name_it() -> None:
    recorder = conference.RECORDER
    assert may(recorder, Conferences(actor=recorder, for_user=recorder.user)).allow
    assert not may(recorder, Conferences(actor=recorder)).allow
    assert not may(recorder, ConferenceMinutes(actor=recorder, conference_id=CONFERENCE_ID, for_user=NIT)).allow
    assert may(conference.ORGANISER, Conferences(actor=conference.ORGANISER)).allow


def test_nobody_reads_with_the_eyes_of_another_organisation() -> None:
    worker = acting(Role.KEY_WORKER)
    assert may(worker, OpenActions(actor=worker, organisation=OSPOD)).allow
    assert not may(worker, OpenActions(actor=worker, organisation=NIT)).allow
    assert not may(acting(Role.PROJECT_MANAGER), Agreements(actor=worker)).allow


@pytest.mark.parametrize("aggregate", ["agreement", "plan", "conference"])
def test_no_command_is_forgotten(aggregate: str) -> None:
    everybody = acting(*Role)
    for cls in PUBLISHED.commands[aggregate]:
        verdict = may(everybody, cls.model_construct(ending=None))
        assert verdict.allow and verdict.rule != "unknown_message", cls
