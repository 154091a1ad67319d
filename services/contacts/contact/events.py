"""What has happened to a contact. Published language: a released version never changes.

Nothing here leaves the node. What somebody said, and where, lies under a key of the contact's own: linking
and unlinking a person never touches it, and forgetting a person destroys the keys of their contacts.
"""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from libs.codelists import ActivityType, AgeBand, Channel, CountedAs, MunicipalityCode, Need, Sex
from libs.eventlog import Event, Frozen, Line, Text, event
from libs.privacy import Personal


class Facts(Frozen):
    """The part of a contact that is no one's personal data. None: not known, or in a correction: as it was.

    municipality   RÚIAN code; None for contacts online
    locality       code of the described place of work, where the team uses one
    approached     people addressed, answered or not; never contacts by themselves (K03)
    spoke          people who talked
    heard_before   whether they knew of the service; None: not asked (K10)
    """

    channel: Channel | None = None
    municipality: MunicipalityCode | None = None
    locality: Line | None = None
    started_at: AwareDatetime | None = None
    minutes: int | None = Field(default=None, ge=0, le=1440)
    topics: tuple[Need, ...] | None = None
    activities: tuple[ActivityType, ...] | None = None
    approached: int | None = Field(default=None, ge=0, le=10_000)
    spoke: int | None = Field(default=None, ge=0, le=10_000)
    sex: Sex | None = None
    age_band: AgeBand | None = None
    heard_before: bool | None = None


@event("contact-recorded", version=1, subject="contact_id")
class ContactRecorded(Event):
    """worker, team: who recorded it. counted_as: by the rule set of its region and year (K01)."""

    contact_id: UUID
    worker: UUID
    team: Line | None = None
    person_id: UUID | None = None
    channel: Channel
    municipality: MunicipalityCode | None = None
    locality: Line | None = None
    place: Personal[Line] | None = None
    started_at: AwareDatetime
    minutes: int
    counted_as: CountedAs
    topics: tuple[Need, ...] = ()
    activities: tuple[ActivityType, ...] = ()
    approached: int = 0
    spoke: int = 0
    nickname: Personal[Line] | None = None
    sex: Sex | None = None
    age_band: AgeBand | None = None
    heard_before: bool | None = None
    note: Personal[Text] | None = None


@event("contact-corrected", version=1, subject="contact_id")
class ContactCorrected(Event):
    """changes: the new values. revision: 2 for the first correction. counted_as: after the correction."""

    contact_id: UUID
    revision: int
    changes: Facts
    note: Personal[Text] | None = None
    counted_as: CountedAs
    reason: Personal[Line]


@event("contact-conflict-raised", version=1, subject="contact_id")
class ConflictRaised(Event):
    """Two workers changed one field from the same revision; the recorded value stays until somebody chooses.

    worker   who proposes the other value
    """

    contact_id: UUID
    worker: UUID
    proposed: Facts
    note: Personal[Text] | None = None
    reason: Personal[Line]


@event("contact-conflict-resolved", version=1, subject="contact_id")
class ConflictResolved(Event):
    """changes, note: what is taken over; empty when the recorded value was kept."""

    contact_id: UUID
    worker: UUID
    chosen: Literal["recorded", "proposed"]
    revision: int
    changes: Facts
    note: Personal[Text] | None = None
    counted_as: CountedAs
    reason: Personal[Line]


@event("contact-voided", version=1, subject="contact_id")
class ContactVoided(Event):
    """Recorded by mistake: stays visible, counts nowhere."""

    contact_id: UUID
    reason: Personal[Line]


@event("contact-linked", version=1)
class ContactLinked(Event):
    contact_id: UUID
    person_id: UUID


@event("contact-unlinked", version=1, subject="contact_id")
class ContactUnlinked(Event):
    contact_id: UUID
    person_id: UUID
    reason: Personal[Line]


ContactEvent = (
    ContactRecorded
    | ContactCorrected
    | ConflictRaised
    | ConflictResolved
    | ContactVoided
    | ContactLinked
    | ContactUnlinked
)
