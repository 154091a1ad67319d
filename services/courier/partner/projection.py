"""Read model `partner`: with whom letters are exchanged, as this node's `identity` says. Nothing personal."""

from typing import Literal, assert_never
from uuid import UUID

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


class PartnerRow(Row):
    """What one event says about a partner."""

    organisation_id: UUID
    code: str | None = None
    root_fingerprint: str | None = None
    hub_account: str | None = None
    key_set: str | None = None
    state: Literal["member", "revoked"] | None = None


def project(event: MembershipEvent) -> PartnerRow | None:
    match event:
        case OrganisationPinned():
            return PartnerRow(
                organisation_id=event.organisation_id,
                code=event.code,
                root_fingerprint=event.root_fingerprint,
                hub_account=event.hub_account,
                state="member",
            )
        case KeySetAccepted():
            return PartnerRow(organisation_id=event.organisation_id, key_set=event.document)
        case OrganisationRevoked():
            return PartnerRow(organisation_id=event.organisation_id, state="revoked")
        case OrganisationReinstated():
            return PartnerRow(organisation_id=event.organisation_id, state="member")
        case RootReplaced():
            return PartnerRow(
                organisation_id=event.organisation_id, root_fingerprint=event.root_fingerprint, key_set=""
            )
        case ReinstatementProposed() | RootReplacementProposed():
            return None
        case _:
            assert_never(event)


PARTNER = Projection(
    name="partner_1",
    project=project,
    events=MembershipEvent,
    row=PartnerRow,
    key="organisation_id",
    into="upsert_partner",
    tables=("partner",),
)
