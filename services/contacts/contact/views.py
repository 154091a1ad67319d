"""What may be asked about contacts, and the answers.

team   who is responsible: the person's team, or for an anonymous contact the one that recorded it. "" for
       records of no team, None for all teams (team leaders only, see policy.py)
"""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, Field

from libs.codelists import ActivityType, AgeBand, Channel, CountedAs, MunicipalityCode, Need, Sex
from libs.messaging import Query, View
from libs.privacy import Personal
from services.contacts.contact.events import Facts


class Contacts(Query):
    """Contacts by team, place, month and who recorded them, the latest first. month: any day of it, Europe/Prague."""

    team: str | None = None
    municipality: MunicipalityCode | None = None
    locality: str | None = None
    month: date | None = None
    worker: UUID | None = None
    only_in_conflict: bool = False
    limit: int = Field(default=100, ge=1, le=1000)


class ContactSummary(View):
    """nickname: the person's, or as recorded with an anonymous contact."""

    contact_id: UUID
    person_id: UUID | None
    nickname: Personal[str] | None
    team: str | None
    worker: UUID
    channel: Channel
    municipality: str | None
    locality: str | None
    started_at: AwareDatetime
    minutes: int
    counted_as: CountedAs
    topics: tuple[Need, ...]
    approached: int
    spoke: int
    in_conflict: bool
    voided: bool


class ContactCounts(Query):
    """What the same contacts add up to. latest: of so many, the latest; None: of all."""

    team: str | None = None
    municipality: MunicipalityCode | None = None
    locality: str | None = None
    month: date | None = None
    worker: UUID | None = None
    latest: int | None = Field(default=None, ge=1)


class ContactCount(View):
    """One row. Voided contacts are in `total` and `voided` alone."""

    total: int
    contacts: int
    interventions: int
    neither: int
    approached: int
    in_conflict: int
    voided: int


class ContactDetail(Query):
    """One contact. No row: unknown, or another team's."""

    contact_id: UUID
    team: str | None = None


class ContactCard(View):
    """revision: send it back with a correction made offline. proposed: the other value while in conflict."""

    contact_id: UUID
    person_id: UUID | None
    nickname: Personal[str] | None
    team: str | None
    worker: UUID
    channel: Channel
    municipality: str | None
    locality: str | None
    place: Personal[str] | None
    started_at: AwareDatetime
    minutes: int
    counted_as: CountedAs
    topics: tuple[Need, ...]
    activities: tuple[ActivityType, ...]
    approached: int
    spoke: int
    sex: Sex | None
    age_band: AgeBand | None
    heard_before: bool | None
    note: Personal[str] | None
    revision: int
    in_conflict: bool
    proposed: Facts | None
    proposed_note: Personal[str] | None
    voided: bool
