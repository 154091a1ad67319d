"""What an organisation says about itself, to all members. Published language: a version never changes.

Each entry carries the whole content, so a late or a lost letter can only delay the picture, never mix two.
Nothing personal: telephones and addresses are those of offices. Only the confidential address of a place
(a shelter) is sealed, private, and never leaves the node (rule D05).
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from libs.codelists import (
    CapacityType,
    MunicipalityCode,
    Need,
    OrganisationKind,
    ServiceForm,
    ServiceType,
    TargetGroup,
)
from libs.eventlog import MEMBERS, Event, Frozen, Line, SharedEvent, Text, event
from libs.privacy import Personal
from services.directory.area import Areas, OrpCode

Languages = Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")], ...], Field(max_length=30)]
"""ISO 639 codes."""


class CardContent(Frozen):
    """The face of an organisation.

    municipality   seat; address None: not public
    serves_orp     an OSPOD: the districts whose children it protects (rule D02); others leave it empty
    """

    name: Line
    kind: OrganisationKind
    municipality: MunicipalityCode
    address: Line | None = None
    serves_orp: Annotated[tuple[OrpCode, ...], Field(max_length=60)] = ()
    phone: Line | None = None
    email: Line | None = None
    web: Line | None = None
    data_box: Line | None = None
    hours: Line | None = None
    languages: Languages = ()
    about: Text = ""


class ServiceContent(Frozen):
    """One offered service.

    service_type           None: not a social service under Act 108/2006
    needs                  what one comes with
    municipality, address  where it is given; None in field work, and always when address_confidential
    documents              what to bring along
    conditions             who may come, and how
    registered_capacity    as in the register; says nothing about free places (rule D03)
    """

    name: Line
    service_type: ServiceType | None = None
    register_id: Line | None = None
    forms: Annotated[tuple[ServiceForm, ...], Field(max_length=3)] = ()
    target_groups: Annotated[tuple[TargetGroup, ...], Field(max_length=50)] = ()
    needs: Annotated[tuple[Need, ...], Field(max_length=50)] = ()
    areas: Areas = ()
    age_from: int | None = Field(default=None, ge=0, le=130)
    age_to: int | None = Field(default=None, ge=0, le=130)
    municipality: MunicipalityCode | None = None
    address: Line | None = None
    address_confidential: bool = False
    phone: Line | None = None
    email: Line | None = None
    hours: Line | None = None
    languages: Languages = ()
    documents: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    conditions: Text = ""
    registered_capacity: int | None = Field(default=None, ge=0, le=1_000_000)
    capacity_type: CapacityType | None = None


@event("card-published", version=1, audience=MEMBERS)
class CardPublished(SharedEvent):
    organisation_id: UUID
    card: CardContent


@event("card-changed", version=1, audience=MEMBERS)
class CardChanged(SharedEvent):
    """card   all of it from now on, not the difference"""

    organisation_id: UUID
    card: CardContent


@event("service-offered", version=1, audience=MEMBERS)
class ServiceOffered(SharedEvent):
    organisation_id: UUID
    service_id: UUID
    service: ServiceContent


@event("service-changed", version=1, audience=MEMBERS)
class ServiceChanged(SharedEvent):
    """service   all of it from now on, not the difference"""

    organisation_id: UUID
    service_id: UUID
    service: ServiceContent


@event("service-withdrawn", version=1, audience=MEMBERS)
class ServiceWithdrawn(SharedEvent):
    organisation_id: UUID
    service_id: UUID
    reason: Line | None = None


@event("entry-verified", version=1, audience=MEMBERS)
class EntryVerified(SharedEvent):
    """The owner looked, and it is still so. service_id None: the card itself."""

    organisation_id: UUID
    verified_on: date
    service_id: UUID | None = None


@event("free-places-reported", version=1, audience=MEMBERS)
class FreePlacesReported(SharedEvent):
    """How many more could come, as of a day. Nothing else is ever shown as free places (rule D03)."""

    organisation_id: UUID
    service_id: UUID
    places: int = Field(ge=0, le=1_000_000)
    as_of: date


@event("confidential-address-recorded", version=1, subject="place_id")
class ConfidentialAddressRecorded(Event):
    """Private to the node. place_id has a key of its own: forgetting the place destroys only the address.

    service_id   the service given there; None: the seat of the organisation
    """

    organisation_id: UUID
    place_id: UUID
    address: Personal[Text]
    service_id: UUID | None = None


@event("confidential-address-removed", version=1)
class ConfidentialAddressRemoved(Event):
    organisation_id: UUID
    place_id: UUID


CardShared = (
    CardPublished
    | CardChanged
    | ServiceOffered
    | ServiceChanged
    | ServiceWithdrawn
    | EntryVerified
    | FreePlacesReported
)
CardEvent = CardShared | ConfidentialAddressRecorded | ConfidentialAddressRemoved
