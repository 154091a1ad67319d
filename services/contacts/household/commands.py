"""What may be asked of a household: people who live together."""

from uuid import UUID

from pydantic import Field

from libs.codelists import MunicipalityCode, Relation
from libs.eventlog import Command


class MonitorFamily(Command):
    """Record that a family was visited, and how many persons it has. Every visit is a fact of its own."""

    household_id: UUID
    persons: int = Field(ge=1, le=100)
    municipality: MunicipalityCode


class AddMember(Command):
    """Say that a known person lives here. Refused before the family was monitored."""

    household_id: UUID
    person_id: UUID
    relation: Relation


class RemoveMember(Command):
    """The person does not live here any more."""

    household_id: UUID
    person_id: UUID


HouseholdCommand = MonitorFamily | AddMember | RemoveMember
