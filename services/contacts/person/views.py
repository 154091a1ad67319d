"""What may be asked about people, and the answers.

team   whose people: "" for records of no team, None for all teams (team leaders only, see policy.py)
"""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from libs.codelists import AgeBand, Channel, CountedAs, Housing, IdentityLevel, LadderStage, Need, Sex
from libs.messaging import Query, View
from libs.privacy import Personal


class Persons(Query):
    """People of a team, by stage; the most recently changed first. Forgotten ones are gone.

    ids      only these
    before   only what comes after the person with this position
    """

    team: str | None = None
    stage: LadderStage | None = None
    ids: tuple[UUID, ...] | None = Field(default=None, max_length=1000)
    before: int | None = Field(default=None, ge=0)
    limit: int = Field(default=100, ge=1, le=1000)


class PersonSummary(View):
    """same_as: the record of the same human being to work with instead."""

    person_id: UUID
    nickname: Personal[str] | None
    code: str | None
    stage: LadderStage
    identity: IdentityLevel
    team: str | None
    sex: Sex | None
    age_band: AgeBand | None
    same_as: UUID | None
    contacts: int
    position: int


class PersonCounts(Query):
    """How many people a team has, by stage; forgotten ones are not counted. ids: only these."""

    team: str | None = None
    ids: tuple[UUID, ...] | None = Field(default=None, max_length=1000)


class PersonCount(View):
    stage: LadderStage
    persons: int


class PersonNames(Query):
    """Whom a worker may find by nickname or code, as far as it changed after a position: 0 for everybody."""

    team: str | None = None
    after: int = Field(default=0, ge=0)
    limit: int = Field(default=500, ge=1, le=5_000)


class PersonName(View):
    """gone: forgotten, another team's now, or leading to another record. position: ask on from here."""

    person_id: UUID
    nickname: Personal[str] | None
    code: str | None
    stage: LadderStage | None
    team: str | None
    age_band: AgeBand | None
    gone: bool
    position: int


class PersonDetail(Query):
    """One record. No row: unknown, forgotten, or another team's."""

    person_id: UUID
    team: str | None = None


class PersonCard(View):
    """name: only while the person lets it be known. residence: RÚIAN code."""

    person_id: UUID
    nickname: Personal[str] | None
    code: str | None
    name: Personal[str] | None
    stage: LadderStage
    identity: IdentityLevel
    team: str | None
    sex: Sex | None
    age_band: AgeBand | None
    housing: Housing | None
    residence: str | None
    same_as: UUID | None
    episode: int
    held: bool


class PersonContacts(Query):
    """Contacts of a person and of records linked to it, the latest first; voided ones are marked.

    ids   only these
    """

    person_id: UUID
    team: str | None = None
    ids: tuple[UUID, ...] | None = Field(default=None, max_length=1000)
    limit: int = Field(default=100, ge=1, le=1000)


class PersonContact(View):
    """One contact in a person's history. team: who recorded it."""

    contact_id: UUID
    team: str | None
    worker: UUID
    channel: Channel
    municipality: str | None
    locality: str | None
    started_at: AwareDatetime
    minutes: int
    counted_as: CountedAs
    topics: tuple[Need, ...]
    note: Personal[str] | None
    voided: bool


class PersonTimeline(Query):
    """Contacts and steps on the ladder in one order, the latest first. until: nothing that happened later."""

    person_id: UUID
    team: str | None = None
    kind: Literal["step", "contact"] | None = None
    until: AwareDatetime | None = None
    limit: int = Field(default=100, ge=1, le=1000)


class TimelineEntry(View):
    """kind step: `what` is a LadderStep and `stage` where it led. kind contact: `what` is a Channel."""

    kind: Literal["step", "contact"]
    what: str
    happened_at: AwareDatetime
    stage: LadderStage | None
    contact_id: UUID | None
    minutes: int | None
    counted_as: CountedAs | None
