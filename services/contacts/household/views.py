"""What may be asked about households, and the answers."""

from uuid import UUID

from pydantic import AwareDatetime, Field

from libs.codelists import MunicipalityCode, Relation
from libs.messaging import Query, View
from libs.privacy import Personal


class Households(Query):
    """Families by team and municipality, last visited first. team: None for all teams, team leaders only.

    household_id   only this one
    person_id      only those this person is known to live in
    """

    team: str | None = None
    municipality: MunicipalityCode | None = None
    household_id: UUID | None = None
    person_id: UUID | None = None
    limit: int = Field(default=50, ge=1, le=500)


class HouseholdView(View):
    """One household. persons: as the worker saw them, never the number of known members."""

    household_id: UUID
    team: str | None
    persons: int
    municipality: str
    monitored_at: AwareDatetime
    known_members: int


class HouseholdMembers(Query):
    """Known people of one household. team: as in Households."""

    household_id: UUID
    team: str | None = None
    limit: int = Field(default=50, ge=1, le=200)


class HouseholdMember(View):
    person_id: UUID
    relation: Relation
    nickname: Personal[str] | None
    code: str | None
    sex: str | None
    age_band: str | None
