"""How trust in an organisation is decided. Pure: no clock, no chance, no cryptography.

    Stranger → Pinned(member) → Pinned(revoked) → (first administrator) → (second) → Pinned(member)

Cutting off takes one person and no time; taking back, or pinning another root, takes two.
"""

from typing import Literal, assert_never
from uuid import UUID

from libs.eventlog import Decider, Frozen, Rejected
from services.identity.membership.commands import (
    AcceptKeySet,
    MembershipCommand,
    PinOrganisation,
    ReinstateOrganisation,
    ReplaceRoot,
    RevokeOrganisation,
)
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
from services.identity.membership.keys import Standing, standing


class Stranger(Frozen):
    stage: Literal["stranger"] = "stranger"


class KeySet(Frozen):
    document: str
    serial: int


class Proposal(Frozen):
    """What a first administrator asked for; root_fingerprint None: to take the organisation back."""

    administrator: UUID
    root_fingerprint: str | None = None


class Pinned(Frozen):
    """The pin as last written, the key set in force, and what waits for a second administrator."""

    stage: Literal["pinned"] = "pinned"
    pin: OrganisationPinned
    root_fingerprint: str
    keys: KeySet | None = None
    revoked: bool = False
    proposal: Proposal | None = None


Membership = Stranger | Pinned


def decide(command: MembershipCommand, membership: Membership) -> tuple[MembershipEvent, ...]:
    """The events to append. `()`: already so. `Rejected`: cannot be, and what to do instead."""
    if isinstance(command, PinOrganisation):
        return _pin(command, membership)
    if isinstance(membership, Stranger):
        raise Rejected(
            "unknown_organisation",
            "This organisation is not pinned on this node. Nothing was recorded. "
            "Pin its root fingerprint first, as received outside the system.",
        )
    match command:
        case AcceptKeySet():
            return _accept_keys(command, membership)
        case RevokeOrganisation():
            if membership.revoked and membership.proposal is None:
                return ()
            if command.organisation_id == command.actor.organisation:
                raise Rejected(
                    "own_organisation",
                    "This is your own organisation. Nothing was recorded. "
                    "To leave the network, ask the partners to revoke you.",
                )
            return (OrganisationRevoked(organisation_id=command.organisation_id, reason=command.reason),)
        case ReinstateOrganisation():
            return _reinstate(command, membership)
        case ReplaceRoot():
            return _replace_root(command, membership)
        case _:
            assert_never(command)


def _pin(command: PinOrganisation, membership: Membership) -> tuple[MembershipEvent, ...]:
    if isinstance(membership, Pinned) and membership.root_fingerprint != command.root_fingerprint:
        raise Rejected(
            "root_differs",
            "Another root is pinned for this organisation. Nothing was recorded, it still counts. "
            "If theirs was lost, two administrators replace it.",
        )
    if isinstance(membership, Pinned) and membership.revoked:
        raise Rejected(
            "organisation_revoked",
            "This organisation is cut off. Nothing was recorded. Two administrators must take it back first.",
        )
    pin = OrganisationPinned(
        organisation_id=command.organisation_id,
        code=command.code,
        name=command.name,
        kind=command.kind,
        root_fingerprint=command.root_fingerprint,
        hub_account=command.hub_account,
    )
    return () if isinstance(membership, Pinned) and membership.pin == pin else (pin,)


def _accept_keys(command: AcceptKeySet, pinned: Pinned) -> tuple[MembershipEvent, ...]:
    if pinned.revoked:
        raise Rejected(
            "organisation_revoked",
            "This organisation is cut off. Its keys were not recorded. Two administrators must take it back first.",
        )
    if command.root_fingerprint != pinned.root_fingerprint:
        raise Rejected(
            "wrong_root",
            "The key set was checked against a root that is not the pinned one. Nothing was recorded. "
            "Check it against the pinned root.",
        )
    known = pinned.keys
    match standing(command.serial, command.document, known and known.serial, known and known.document):
        case Standing.KNOWN:
            return ()
        case Standing.OLDER:
            raise Rejected(
                "serial_too_low",
                "A newer key set of this organisation is in force. The old one was not recorded. "
                "Ask the organisation for its newest, and why an old one is going around.",
            )
        case Standing.CONTRADICTS:
            raise Rejected(
                "serial_reused",
                "Another key set with the same serial is in force. Nothing was recorded. "
                "Call the organisation: somebody else may hold its root key.",
            )
        case Standing.NEWER:
            accepted = KeySetAccepted(
                organisation_id=command.organisation_id,
                document=command.document,
                serial=command.serial,
                seal_to=command.seal_to,
                root_fingerprint=command.root_fingerprint,
            )
            return (accepted,)


def _reinstate(command: ReinstateOrganisation, pinned: Pinned) -> tuple[MembershipEvent, ...]:
    if not pinned.revoked:
        return ()
    first, second = pinned.proposal, command.actor.user
    if first is None or first.root_fingerprint is not None:
        return (ReinstatementProposed(organisation_id=command.organisation_id, administrator=second),)
    if first.administrator == second:
        return ()
    return (
        OrganisationReinstated(organisation_id=command.organisation_id, administrators=(first.administrator, second)),
    )


def _replace_root(command: ReplaceRoot, pinned: Pinned) -> tuple[MembershipEvent, ...]:
    if command.root_fingerprint == pinned.root_fingerprint:
        return ()
    first, second = pinned.proposal, command.actor.user
    if first is None or first.root_fingerprint != command.root_fingerprint:
        return (
            RootReplacementProposed(
                organisation_id=command.organisation_id,
                administrator=second,
                root_fingerprint=command.root_fingerprint,
            ),
        )
    if first.administrator == second:
        return ()
    return (
        RootReplaced(
            organisation_id=command.organisation_id,
            administrators=(first.administrator, second),
            root_fingerprint=command.root_fingerprint,
        ),
    )


def evolve(membership: Membership, event: MembershipEvent) -> Membership:
    """Total: what is told of an organisation that was never pinned is passed over."""
    if isinstance(membership, Stranger):
        if isinstance(event, OrganisationPinned):
            return Pinned(pin=event, root_fingerprint=event.root_fingerprint)
        return membership
    pin, root, keys = membership.pin, membership.root_fingerprint, membership.keys
    revoked, proposal = membership.revoked, membership.proposal
    match event:
        case OrganisationPinned():
            pin = event
        case KeySetAccepted():
            keys = KeySet(document=event.document, serial=event.serial)
        case OrganisationRevoked():
            revoked, proposal = True, None
        case ReinstatementProposed():
            proposal = Proposal(administrator=event.administrator)
        case OrganisationReinstated():
            revoked, proposal = False, None
        case RootReplacementProposed():
            proposal = Proposal(administrator=event.administrator, root_fingerprint=event.root_fingerprint)
        case RootReplaced():
            root, keys, proposal = event.root_fingerprint, None, None
        case _:
            assert_never(event)
    return Pinned(pin=pin, root_fingerprint=root, keys=keys, revoked=revoked, proposal=proposal)


MEMBERSHIP: Decider[MembershipCommand, Membership, MembershipEvent] = Decider(
    name="membership",
    key="organisation_id",
    initial=Stranger(),
    commands=MembershipCommand,
    events=MembershipEvent,
    decide=decide,
    evolve=evolve,
)
