"""Example household h-1 of the story: four people in Horní Slavkov, monitored by the town."""

from typing import Any
from uuid import UUID

from libs.codelists import Relation
from libs.eventlog import Event
from services.contacts.household.commands import AddMember, MonitorFamily, RemoveMember
from services.contacts.household.events import FamilyMonitored, MemberJoined, MemberLeft
from tests.examples.contacts_people import DENDY, EVA, SLAVKOV, SLAVKOV_CODE, at, told

H1 = UUID("0198c0de-0000-7000-8000-00000000f001")


def monitor(**overrides: Any) -> MonitorFamily:
    said = {"actor": EVA, "occurred_at": at(4, 8), "household_id": H1, "persons": 4}
    return MonitorFamily(**told(said, {"municipality": SLAVKOV_CODE}, overrides))


def monitored(**overrides: Any) -> FamilyMonitored:
    said = {"household_id": H1, "worker": EVA.user, "team": None, "persons": 4}
    return FamilyMonitored(**told(said, {"municipality": SLAVKOV_CODE, "monitored_at": at(4, 8)}, overrides))


def add_member(**overrides: Any) -> AddMember:
    said = {"actor": EVA, "occurred_at": at(4, 8), "household_id": H1, "person_id": DENDY}
    return AddMember(**told(said, {"relation": Relation.CHILD}, overrides))


def joined(**overrides: Any) -> MemberJoined:
    return MemberJoined(**told({"household_id": H1, "person_id": DENDY, "relation": Relation.CHILD}, overrides))


def remove_member(**overrides: Any) -> RemoveMember:
    said = {"actor": EVA, "occurred_at": at(9, 1), "household_id": H1, "person_id": DENDY}
    return RemoveMember(**told(said, overrides))


def left(**overrides: Any) -> MemberLeft:
    return MemberLeft(**told({"household_id": H1, "person_id": DENDY}, overrides))


COMPLETE: tuple[Event, ...] = (monitored(team=SLAVKOV), joined(), left())
REQUIRED: tuple[Event, ...] = (
    FamilyMonitored(household_id=H1, worker=EVA.user, persons=4, municipality=SLAVKOV_CODE, monitored_at=at(4, 8)),
    joined(),
    left(),
)
