"""What may be asked about the organisations of the network, and the answers."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from libs.codelists import OrganisationKind
from libs.eventlog import Line
from libs.messaging import Query, View


class Organisations(Query):
    """Every organisation this node has pinned, by name; the revoked ones last."""

    kind: OrganisationKind | None = None
    code: Line | None = None
    limit: int = Field(default=500, ge=1, le=10_000)


class OrganisationView(View):
    """What a list shows. has_keys: a key set of the pinned root is in force, so letters can be sealed."""

    organisation_id: UUID
    code: str
    name: str
    kind: OrganisationKind
    root_fingerprint: str
    hub_account: str
    has_keys: bool
    serial: int | None
    state: Literal["member", "revoked"]


class OrganisationDetail(Query):
    """One organisation with its signed key set. No row: not pinned here."""

    organisation_id: UUID


class OrganisationDetailView(View):
    """key_set, serial, seal_to: None while no set of the pinned root is in force.

    waiting_for   what waits for a second administrator, asked by proposed_by (and for which root)
    """

    organisation_id: UUID
    code: str
    name: str
    kind: OrganisationKind
    root_fingerprint: str
    hub_account: str
    key_set: str | None
    serial: int | None
    seal_to: str | None
    state: Literal["member", "revoked"]
    reason: str | None
    waiting_for: Literal["reinstatement", "root_replacement"] | None
    proposed_by: UUID | None
    proposed_root: str | None
