"""What may be asked of the guidance, and the answers. Owner and last verification are always told (rule D08)."""

from datetime import date
from uuid import UUID

from pydantic import Field

from libs.codelists import MunicipalityCode, Need, TargetGroup
from libs.messaging import Query, View
from services.directory.area import OrpCode, RegionCode


class GuidanceFor(Query):
    """What to do about a need; place as in `Services`: municipality, orp and region of one place."""

    need: Need | None = None
    target_group: TargetGroup | None = None
    municipality: MunicipalityCode | None = None
    orp: OrpCode | None = None
    region: RegionCode | None = None
    limit: int = Field(default=50, ge=1, le=500)


class GuidanceDetail(Query):
    """One entry. No row: never published, or withdrawn."""

    guidance_id: UUID


class GuidanceView(View):
    """organisations, services: whom to turn to, side by side; a service None: the organisation as such."""

    guidance_id: UUID
    owner: UUID
    owner_name: str | None
    need: Need
    problem: str
    eligibility: str
    route: tuple[str, ...]
    documents: tuple[str, ...]
    organisations: tuple[UUID, ...]
    services: tuple[UUID | None, ...]
    target_groups: tuple[TargetGroup, ...]
    areas: tuple[str, ...]
    otherwise: str
    verified_on: date | None
