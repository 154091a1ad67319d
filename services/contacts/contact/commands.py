"""What may be asked of a contact: one dealing with one person, known or not."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from libs.codelists import ActivityType, AgeBand, Channel, MunicipalityCode, Need, Sex
from libs.eventlog import Command, Line, Text
from libs.privacy import Personal
from services.contacts.contact.events import Facts


class RecordContact(Command):
    """Record a dealing, however short. Refused if the id already holds another contact."""

    contact_id: UUID
    person_id: UUID | None = None
    channel: Channel
    municipality: MunicipalityCode | None = None
    locality: Line | None = None
    place: Personal[Line] | None = None
    started_at: AwareDatetime
    minutes: int = Field(ge=0, le=1440)
    topics: tuple[Need, ...] = ()
    activities: tuple[ActivityType, ...] = ()
    approached: int = Field(default=0, ge=0, le=10_000)
    spoke: int = Field(default=0, ge=0, le=10_000)
    nickname: Personal[Line] | None = None
    sex: Sex | None = None
    age_band: AgeBand | None = None
    heard_before: bool | None = None
    note: Personal[Text] | None = None


class CorrectContact(Command):
    """Change the named fields, with a reason. Refused for others than the author or a team leader.

    base_revision   what the worker saw; if somebody changed the same field since, both values are kept
    """

    contact_id: UUID
    changes: Facts = Facts()
    note: Personal[Text] | None = None
    reason: Personal[Line]
    base_revision: int | None = Field(default=None, ge=1)


class ResolveConflict(Command):
    """Choose between two values. Refused for others than the author or a team leader."""

    contact_id: UUID
    chosen: Literal["recorded", "proposed"]
    reason: Personal[Line]


class VoidContact(Command):
    """Take it out of every count; it stays visible. Refused for others than the author or a team leader."""

    contact_id: UUID
    reason: Personal[Line]


class LinkContact(Command):
    """Say whose contact it was. Refused while it is linked to somebody else, and when voided."""

    contact_id: UUID
    person_id: UUID


class UnlinkContact(Command):
    """Take the link back; the contact counts as before. Refused when voided."""

    contact_id: UUID
    reason: Personal[Line]


ContactCommand = RecordContact | CorrectContact | ResolveConflict | VoidContact | LinkContact | UnlinkContact
