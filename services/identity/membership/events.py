"""What this node knows about an organisation of the network. Published language: a version never changes.

Private to the node: whom we trust is our own record, and nobody else's word moves it. Nothing personal:
organisations, keys, and the opaque ids of administrators.
"""

from uuid import UUID

from libs.codelists import OrganisationKind
from libs.eventlog import Event, Line, event


@event("organisation-pinned", version=1)
class OrganisationPinned(Event):
    """root_fingerprint   RFC 7638 thumbprint of the root key, received outside the system"""

    organisation_id: UUID
    code: str
    name: Line
    kind: OrganisationKind
    root_fingerprint: str
    hub_account: str


@event("key-set-accepted", version=1)
class KeySetAccepted(Event):
    """A key set whose signature was checked against the pinned root by whoever brought it.

    document           the compact JWS, kept whole: it can be checked again at any time
    seal_to            kid of the key that letters to this organisation are sealed to
    root_fingerprint   the root it was checked against
    """

    organisation_id: UUID
    document: str
    serial: int
    seal_to: str
    root_fingerprint: str


@event("organisation-revoked", version=1)
class OrganisationRevoked(Event):
    organisation_id: UUID
    reason: Line


@event("reinstatement-proposed", version=1)
class ReinstatementProposed(Event):
    """The first of two administrators."""

    organisation_id: UUID
    administrator: UUID


@event("organisation-reinstated", version=1)
class OrganisationReinstated(Event):
    """administrators   the two who confirmed, in that order"""

    organisation_id: UUID
    administrators: tuple[UUID, UUID]


@event("root-replacement-proposed", version=1)
class RootReplacementProposed(Event):
    """The first of two administrators: their root was lost, a new fingerprint came by the outside route."""

    organisation_id: UUID
    administrator: UUID
    root_fingerprint: str


@event("root-replaced", version=1)
class RootReplaced(Event):
    """Key sets of the old root count no longer; the new root begins with any serial."""

    organisation_id: UUID
    administrators: tuple[UUID, UUID]
    root_fingerprint: str


MembershipEvent = (
    OrganisationPinned
    | KeySetAccepted
    | OrganisationRevoked
    | ReinstatementProposed
    | OrganisationReinstated
    | RootReplacementProposed
    | RootReplaced
)
