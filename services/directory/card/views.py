"""What may be asked of the directory, and the answers.

Every answer names its owner and the day of the last verification (rule D04). Whether the owner is still a
member is known to `identity`; the page puts the two together.
"""

from datetime import date
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
from libs.messaging import Query, View
from libs.privacy import Personal
from services.directory.area import OrpCode, RegionCode


class Cards(Query):
    """Organisations by kind, seat, or the district an OSPOD protects; by name.

    The competent OSPOD of a child (rule D02): kind=ospod and serves_orp=the ORP of its residence's code.
    """

    kind: OrganisationKind | None = None
    municipality: MunicipalityCode | None = None
    serves_orp: OrpCode | None = None
    limit: int = Field(default=200, ge=1, le=10_000)


class CardView(View):
    organisation_id: UUID
    name: str
    kind: OrganisationKind
    municipality: str
    phone: str | None
    email: str | None
    hours: str | None
    services: int
    verified_on: date | None


class CardDetail(Query):
    """The whole card of one organisation. No row: it has published none, or it has not arrived."""

    organisation_id: UUID


class CardDetailView(View):
    organisation_id: UUID
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
    verified_on: date | None


class Services(Query):
    """Offered services; every condition is optional.

    municipality, orp, region   where help is needed: give all three of one place (see `libs.codelists`), for a
                                service may say it serves the municipality, its district, its region, or all
    age                         completed years
    """

    need: Need | None = None
    target_group: TargetGroup | None = None
    municipality: MunicipalityCode | None = None
    orp: OrpCode | None = None
    region: RegionCode | None = None
    form: ServiceForm | None = None
    age: int | None = Field(default=None, ge=0, le=130)
    organisation_id: UUID | None = None
    limit: int = Field(default=100, ge=1, le=1000)


class ServiceView(View):
    """One offered service with its owner.

    free_places is only what the owner reported, with its day; the registered capacity says nothing about it (D03)
    """

    organisation_id: UUID
    organisation: str | None
    service_id: UUID
    name: str
    service_type: ServiceType | None
    register_id: str | None
    forms: tuple[ServiceForm, ...]
    target_groups: tuple[TargetGroup, ...]
    needs: tuple[Need, ...]
    areas: tuple[str, ...]
    age_from: int | None
    age_to: int | None
    municipality: str | None
    address: str | None
    address_confidential: bool
    phone: str | None
    email: str | None
    hours: str | None
    languages: tuple[str, ...]
    documents: tuple[str, ...]
    conditions: str
    registered_capacity: int | None
    capacity_type: CapacityType | None
    free_places: int | None
    free_places_as_of: date | None
    verified_on: date | None


class PublicCards(Query):
    """Cards as anybody may read them, also without signing in; conditions as in `Cards`.

    No address where a shelter is: neither its own, nor that of the organisation that runs it (rule D05).
    """

    organisation_id: UUID | None = None
    kind: OrganisationKind | None = None
    municipality: MunicipalityCode | None = None
    serves_orp: OrpCode | None = None
    limit: int = Field(default=200, ge=1, le=1000)


class PublicServices(Query):
    """Services as anybody may read them, also without signing in; conditions as in `Services`.

    A service that names no target group is for everybody. A shelter comes without address and municipality:
    where it is, it tells those it takes in.
    """

    need: Need | None = None
    target_group: TargetGroup | None = None
    municipality: MunicipalityCode | None = None
    orp: OrpCode | None = None
    region: RegionCode | None = None
    form: ServiceForm | None = None
    age: int | None = Field(default=None, ge=0, le=130)
    organisation_id: UUID | None = None
    service_id: UUID | None = None
    limit: int = Field(default=100, ge=1, le=500)


class ServiceDetail(Query):
    """One service, also to see it before a referral. No row: not offered any more."""

    organisation_id: UUID
    service_id: UUID


class ConfidentialAddresses(Query):
    """Our own secret places, for the few who keep them."""

    limit: int = Field(default=50, ge=1, le=200)


class ConfidentialAddressView(View):
    place_id: UUID
    organisation_id: UUID
    service_id: UUID | None
    address: Personal[str]
