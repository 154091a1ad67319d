"""What has happened to a household. Published language: a released version never changes.

Families and persons are counted apart (K04): `persons` is what the worker saw, never the number of members
somebody happened to record.
"""

from uuid import UUID

from pydantic import AwareDatetime

from libs.codelists import MunicipalityCode, Relation
from libs.eventlog import Event, Line, event


@event("family-monitored", version=1)
class FamilyMonitored(Event):
    """A family was visited or accompanied. municipality: RÚIAN code of where it lives."""

    household_id: UUID
    worker: UUID
    team: Line | None = None
    persons: int
    municipality: MunicipalityCode
    monitored_at: AwareDatetime


@event("household-member-joined", version=1)
class MemberJoined(Event):
    household_id: UUID
    person_id: UUID
    relation: Relation


@event("household-member-left", version=1)
class MemberLeft(Event):
    household_id: UUID
    person_id: UUID


HouseholdEvent = FamilyMonitored | MemberJoined | MemberLeft
