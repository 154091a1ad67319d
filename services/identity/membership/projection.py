"""Read model `organisation_list`: one row per organisation of the network, with its keys in force."""

from typing import Literal, assert_never
from uuid import UUID

from libs.codelists import OrganisationKind
from libs.projection import Projection, Row
from services.identity.membership.events import (
    KeySetAccepted,
    MembershipEvent,
    OrganisationPinned,
    OrganisationReinstated,
    OrganisationRevoked,
    ReinstatementProposed,
    RootReplaced,
    RootReplacementProposed,
)


class OrganisationRow(Row):
    """What one event says about an organisation. None: it says nothing about this column.

    key_set_root    the root the key set was checked against; the set counts only while that root is pinned
    state           revoked stands until a second administrator has confirmed
    waiting_for     what a first administrator asked for; empty text: nothing waits
    """

    organisation_id: UUID
    code: str | None = None
    name: str | None = None
    kind: OrganisationKind | None = None
    root_fingerprint: str | None = None
    hub_account: str | None = None
    key_set: str | None = None
    key_set_root: str | None = None
    serial: int | None = None
    seal_to: str | None = None
    state: Literal["member", "revoked"] | None = None
    reason: str | None = None
    waiting_for: Literal["", "reinstatement", "root_replacement"] | None = None
    proposed_by: UUID | None = None
    proposed_root: str | None = None


def project(event: MembershipEvent) -> OrganisationRow:
    key = event.organisation_id
    match event:
        case OrganisationPinned():
            return OrganisationRow(
                organisation_id=key,
                code=event.code,
                name=event.name,
                kind=event.kind,
                root_fingerprint=event.root_fingerprint,
                hub_account=event.hub_account,
            )
        case KeySetAccepted():
            return OrganisationRow(
                organisation_id=key,
                key_set=event.document,
                key_set_root=event.root_fingerprint,
                serial=event.serial,
                seal_to=event.seal_to,
            )
        case OrganisationRevoked():
            return OrganisationRow(organisation_id=key, state="revoked", reason=event.reason, waiting_for="")
        case ReinstatementProposed():
            return OrganisationRow(organisation_id=key, waiting_for="reinstatement", proposed_by=event.administrator)
        case OrganisationReinstated():
            return OrganisationRow(organisation_id=key, state="member", waiting_for="")
        case RootReplacementProposed():
            return OrganisationRow(
                organisation_id=key,
                waiting_for="root_replacement",
                proposed_by=event.administrator,
                proposed_root=event.root_fingerprint,
            )
        case RootReplaced():
            return OrganisationRow(organisation_id=key, root_fingerprint=event.root_fingerprint, waiting_for="")
        case _:
            assert_never(event)


ORGANISATION_LIST = Projection(
    name="organisation_list_1",
    project=project,
    events=MembershipEvent,
    row=OrganisationRow,
    key="organisation_id",
    into="upsert_organisation_list",
    tables=("organisation_list",),
)
