"""Read models `person_list`, one row per record, and `person_timeline`, one row per step on the ladder.

Nickname and name stay sealed; a name withdrawn and everything about somebody forgotten is taken out.
"""

from typing import assert_never
from uuid import UUID

from pydantic import AwareDatetime

from libs.codelists import AgeBand, Housing, IdentityLevel, LadderStage, LadderStep, Sex
from libs.privacy import Personal
from libs.projection import Projection, Row
from services.contacts.person.events import (
    CaseClosed,
    CaseReopened,
    DuplicateDropped,
    DuplicateNoted,
    IdentityGiven,
    IdentityWithdrawn,
    InterestExpressed,
    InterestLost,
    LadderEvent,
    NicknameGiven,
    PersonBecameClient,
    PersonContactDropped,
    PersonContactForgotten,
    PersonContactNoted,
    PersonDescribed,
    PersonEvent,
    PersonForgotten,
    PersonHeld,
    PersonHoldLifted,
    PersonPlanActivated,
    PersonPlanClosed,
    PersonsLinked,
    PersonsUnlinked,
    PersonTakenOver,
)


class PersonRow(Row):
    """What one event says about a record. None: it says nothing about this column.

    team      empty text: no team
    linked    whether same_as holds now; named: whether there is a name
    """

    person_id: UUID
    nickname: Personal[str] | None = None
    code: str | None = None
    name: Personal[str] | None = None
    named: bool | None = None
    team: str | None = None
    stage: LadderStage | None = None
    identity: IdentityLevel | None = None
    sex: Sex | None = None
    age_band: AgeBand | None = None
    housing: Housing | None = None
    residence: str | None = None
    same_as: UUID | None = None
    linked: bool | None = None
    episode: int | None = None
    held: bool | None = None
    forgotten: bool | None = None


class StepRow(Row):
    """One step of one person. A step is told once: the same step at the same moment is the same row."""

    person_id: UUID
    step: LadderStep
    happened_at: AwareDatetime
    stage: LadderStage


def project(event: PersonEvent) -> PersonRow | None:
    who = event.person_id
    match event:
        case NicknameGiven():
            team, nickname = event.team or "", event.nickname
            return PersonRow(person_id=who, nickname=nickname, team=team, stage=event.stage, identity=event.identity)
        case InterestExpressed() | PersonBecameClient():
            identity = None if event.code is None else IdentityLevel.NICKNAME
            team, code = event.team or "", event.code
            return PersonRow(person_id=who, code=code, team=team, stage=event.stage, identity=identity)
        case CaseReopened():
            return PersonRow(person_id=who, stage=event.stage, episode=event.episode)
        case InterestLost() | PersonPlanActivated() | PersonPlanClosed() | CaseClosed():
            return PersonRow(person_id=who, stage=event.stage)
        case PersonDescribed():
            return PersonRow(
                person_id=who,
                sex=event.sex,
                age_band=event.age_band,
                housing=event.housing,
                residence=event.residence,
            )
        case IdentityGiven():
            return PersonRow(person_id=who, identity=event.identity, name=event.name, named=True)
        case IdentityWithdrawn():
            return PersonRow(person_id=who, identity=IdentityLevel.NICKNAME, named=False)
        case PersonTakenOver():
            return PersonRow(person_id=who, team=event.team)
        case PersonsLinked():
            return PersonRow(person_id=who, same_as=event.same_as, linked=True)
        case PersonsUnlinked():
            return PersonRow(person_id=who, linked=False)
        case PersonHeld():
            return PersonRow(person_id=who, held=True)
        case PersonHoldLifted():
            return PersonRow(person_id=who, held=False)
        case PersonForgotten():
            return PersonRow(person_id=who, named=False, forgotten=True)
        case (
            PersonContactNoted()
            | PersonContactDropped()
            | PersonContactForgotten()
            | DuplicateNoted()
            | DuplicateDropped()
        ):
            return None
        case _:
            assert_never(event)


def project_step(event: LadderEvent) -> StepRow:
    match event:
        case NicknameGiven():
            step, at = LadderStep.NICKNAME_GIVEN, event.given_at
        case InterestExpressed():
            step, at = LadderStep.INTEREST_EXPRESSED, event.expressed_at
        case InterestLost():
            step, at = LadderStep.INTEREST_LOST, event.lost_at
        case PersonBecameClient():
            step, at = LadderStep.AGREEMENT_CONCLUDED, event.concluded_at
        case PersonPlanActivated():
            step, at = LadderStep.PLAN_ACTIVATED, event.activated_at
        case PersonPlanClosed():
            step, at = LadderStep.PLAN_CLOSED, event.closed_at
        case CaseClosed():
            step, at = LadderStep.CASE_CLOSED, event.closed_at
        case CaseReopened():
            step, at = LadderStep.CASE_REOPENED, event.reopened_at
        case _:
            assert_never(event)
    return StepRow(person_id=event.person_id, step=step, happened_at=at, stage=event.stage)


PERSON_LIST = Projection(
    name="person_list_1",
    project=project,
    events=PersonEvent,
    row=PersonRow,
    key="person_id",
    into="upsert_person_list",
    tables=("person_list",),
)
PERSON_TIMELINE = Projection(
    name="person_timeline_1",
    project=project_step,
    events=LadderEvent,
    row=StepRow,
    key=("person_id", "step", "happened_at"),
    into="upsert_person_timeline",
    tables=("person_timeline",),
)
