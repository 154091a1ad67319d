"""Read models `household_list`, one row per household, and `household_member`, who is known to live there."""

from typing import assert_never
from uuid import UUID

from pydantic import AwareDatetime

from libs.codelists import Relation
from libs.projection import Projection, Row
from services.contacts.household.events import FamilyMonitored, HouseholdEvent, MemberJoined, MemberLeft


class HouseholdRow(Row):
    """The last visit. team: empty text for no team."""

    household_id: UUID
    team: str
    persons: int
    municipality: str
    monitored_at: AwareDatetime


class MemberRow(Row):
    """lives_here: a member who left keeps the row."""

    household_id: UUID
    person_id: UUID
    relation: Relation | None = None
    lives_here: bool


def project(event: FamilyMonitored) -> HouseholdRow:
    return HouseholdRow(
        household_id=event.household_id,
        team=event.team or "",
        persons=event.persons,
        municipality=event.municipality,
        monitored_at=event.monitored_at,
    )


def project_member(event: HouseholdEvent) -> MemberRow | None:
    match event:
        case MemberJoined():
            household, person = event.household_id, event.person_id
            return MemberRow(household_id=household, person_id=person, relation=event.relation, lives_here=True)
        case MemberLeft():
            return MemberRow(household_id=event.household_id, person_id=event.person_id, lives_here=False)
        case FamilyMonitored():
            return None
        case _:
            assert_never(event)


HOUSEHOLD_LIST = Projection(
    name="household_list_1",
    project=project,
    events=FamilyMonitored,
    row=HouseholdRow,
    key="household_id",
    into="upsert_household_list",
    tables=("household_list",),
)
HOUSEHOLD_MEMBER = Projection(
    name="household_member_1",
    project=project_member,
    events=HouseholdEvent,
    row=MemberRow,
    key=("household_id", "person_id"),
    into="upsert_household_member",
    tables=("household_member",),
)
