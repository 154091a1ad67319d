"""Read models of the cards: `card_list`, `offered_service`, `entry_verified`, `free_places`,
`confidential_address`.

Letters may come in any order, so of one entry the author's highest number counts, never the last arrival;
that is why `number` belongs to each key here, and the SQL picks the row.
"""

from datetime import date
from typing import assert_never
from uuid import UUID

from libs.codelists import CapacityType, Need, OrganisationKind, ServiceForm, ServiceType, TargetGroup
from libs.privacy import Personal
from libs.projection import Projection, Row
from services.directory.card.events import (
    CardChanged,
    CardPublished,
    ConfidentialAddressRecorded,
    ConfidentialAddressRemoved,
    EntryVerified,
    FreePlacesReported,
    ServiceChanged,
    ServiceOffered,
    ServiceWithdrawn,
)


class CardRow(Row):
    """A whole card, as of one entry of its owner."""

    organisation_id: UUID
    number: int
    name: str
    kind: OrganisationKind
    municipality: str
    address: str | None
    serves_orp: tuple[str, ...]
    phone: str | None
    email: str | None
    web: str | None
    data_box: str | None
    hours: str | None
    languages: tuple[str, ...]
    about: str


class ServiceRow(Row):
    """A whole service, as of one entry of its owner. Only withdrawn: not offered any more."""

    organisation_id: UUID
    service_id: UUID
    number: int
    withdrawn: bool
    name: str | None = None
    service_type: ServiceType | None = None
    register_id: str | None = None
    forms: tuple[ServiceForm, ...] | None = None
    target_groups: tuple[TargetGroup, ...] | None = None
    needs: tuple[Need, ...] | None = None
    areas: tuple[str, ...] | None = None
    age_from: int | None = None
    age_to: int | None = None
    municipality: str | None = None
    address: str | None = None
    address_confidential: bool | None = None
    phone: str | None = None
    email: str | None = None
    hours: str | None = None
    languages: tuple[str, ...] | None = None
    documents: tuple[str, ...] | None = None
    conditions: str | None = None
    registered_capacity: int | None = None
    capacity_type: CapacityType | None = None


class VerifiedRow(Row):
    """entry_id: a service, or the organisation itself for its card."""

    organisation_id: UUID
    entry_id: UUID
    number: int
    verified_on: date


class PlacesRow(Row):
    organisation_id: UUID
    service_id: UUID
    number: int
    places: int
    as_of: date


class AddressRow(Row):
    """The address stays sealed under the key of its place."""

    place_id: UUID
    organisation_id: UUID
    service_id: UUID | None = None
    address: Personal[str] | None = None
    removed: bool


def project_card(event: CardPublished | CardChanged) -> CardRow:
    card = event.card.model_dump()
    return CardRow(organisation_id=event.organisation_id, number=event.number, **card)


def project_service(event: ServiceOffered | ServiceChanged | ServiceWithdrawn) -> ServiceRow:
    match event:
        case ServiceOffered() | ServiceChanged():
            service = event.service.model_dump()
        case ServiceWithdrawn():
            service = {}
        case _:
            assert_never(event)
    return ServiceRow(
        organisation_id=event.organisation_id,
        service_id=event.service_id,
        number=event.number,
        withdrawn=isinstance(event, ServiceWithdrawn),
        **service,
    )


def project_verified(event: EntryVerified) -> VerifiedRow:
    return VerifiedRow(
        organisation_id=event.organisation_id,
        entry_id=event.service_id or event.organisation_id,
        number=event.number,
        verified_on=event.verified_on,
    )


def project_places(event: FreePlacesReported) -> PlacesRow:
    return PlacesRow(
        organisation_id=event.organisation_id,
        service_id=event.service_id,
        number=event.number,
        places=event.places,
        as_of=event.as_of,
    )


def project_address(event: ConfidentialAddressRecorded | ConfidentialAddressRemoved) -> AddressRow:
    match event:
        case ConfidentialAddressRecorded():
            return AddressRow(
                place_id=event.place_id,
                organisation_id=event.organisation_id,
                service_id=event.service_id,
                address=event.address,
                removed=False,
            )
        case ConfidentialAddressRemoved():
            return AddressRow(place_id=event.place_id, organisation_id=event.organisation_id, removed=True)
        case _:
            assert_never(event)


CARD_LIST = Projection(
    name="card_list_1",
    project=project_card,
    events=CardPublished | CardChanged,
    row=CardRow,
    key=("organisation_id", "number"),
    into="upsert_card_list",
    tables=("card_list",),
)
OFFERED_SERVICE = Projection(
    name="offered_service_1",
    project=project_service,
    events=ServiceOffered | ServiceChanged | ServiceWithdrawn,
    row=ServiceRow,
    key=("organisation_id", "service_id", "number"),
    into="upsert_offered_service",
    tables=("offered_service",),
)
ENTRY_VERIFIED = Projection(
    name="entry_verified_1",
    project=project_verified,
    events=(EntryVerified,),
    row=VerifiedRow,
    key=("organisation_id", "entry_id", "number"),
    into="upsert_entry_verified",
    tables=("entry_verified",),
)
FREE_PLACES = Projection(
    name="free_places_1",
    project=project_places,
    events=(FreePlacesReported,),
    row=PlacesRow,
    key=("organisation_id", "service_id", "number"),
    into="upsert_free_places",
    tables=("free_places",),
)
CONFIDENTIAL_ADDRESS = Projection(
    name="confidential_address_1",
    project=project_address,
    events=ConfidentialAddressRecorded | ConfidentialAddressRemoved,
    row=AddressRow,
    key="place_id",
    into="upsert_confidential_address",
    tables=("confidential_address",),
)
