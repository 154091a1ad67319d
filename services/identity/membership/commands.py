"""What may be asked of our record about an organisation of the network.

No command vouches for cryptography: whoever sends `AcceptKeySet` has checked the signature against the
pinned root before, and says which root that was.
"""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from libs.codelists import OrganisationKind
from libs.eventlog import Command, Line

Fingerprint = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""RFC 7638 thumbprint of a key: SHA-256, base64url without padding."""
OrganisationCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""Short name in addresses and lists: `mesto-hs`."""
HubAccount = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
"""One token of a NATS subject: never a dot, a wildcard or a space, or a letter could leave its lane."""
CompactJws = Annotated[
    str, StringConstraints(max_length=65_536, pattern=r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$")
]
"""Three base64url parts; the size bounds what a stranger can make us keep."""


class PinOrganisation(Command):
    """Trust an organisation's root, or write its name or account anew. Refused if another root is pinned."""

    organisation_id: UUID
    code: OrganisationCode
    name: Line
    kind: OrganisationKind
    root_fingerprint: Fingerprint
    hub_account: HubAccount


class AcceptKeySet(Command):
    """Record a newer signed key set. Refused for a lower serial, another root, or a revoked organisation."""

    organisation_id: UUID
    document: CompactJws
    serial: int = Field(ge=1)
    seal_to: Line
    root_fingerprint: Fingerprint


class RevokeOrganisation(Command):
    """Cut an organisation off, at once, by one administrator. Refused for our own and for an unknown one."""

    organisation_id: UUID
    reason: Line


class ReinstateOrganisation(Command):
    """Take it back. Two different administrators must ask; refused unless it is revoked."""

    organisation_id: UUID


class ReplaceRoot(Command):
    """Pin a new root after the old one was lost. Two different administrators must give the same one."""

    organisation_id: UUID
    root_fingerprint: Fingerprint


MembershipCommand = PinOrganisation | AcceptKeySet | RevokeOrganisation | ReinstateOrganisation | ReplaceRoot
