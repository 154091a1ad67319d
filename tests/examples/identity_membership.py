"""Example memberships: Přístav pins ZŠ U Potoka. Fingerprints and documents are made up, not keys."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from libs.codelists import OrganisationKind, Role
from libs.eventlog import Actor, Event
from services.identity.membership.commands import (
    AcceptKeySet,
    PinOrganisation,
    ReinstateOrganisation,
    ReplaceRoot,
    RevokeOrganisation,
)
from services.identity.membership.events import (
    KeySetAccepted,
    OrganisationPinned,
    OrganisationReinstated,
    OrganisationRevoked,
    ReinstatementProposed,
    RootReplaced,
    RootReplacementProposed,
)

PRISTAV = UUID("0198a000-0000-7000-8000-000000000001")
SCHOOL = UUID("0198a000-0000-7000-8000-000000000002")
VIT = UUID("0198b000-0000-7000-8000-000000000004")
OLGA = UUID("0198b000-0000-7000-8000-000000000003")
NOW = datetime(2026, 2, 2, 8, 0, tzinfo=UTC)
ROOT = "Wm9sZS1VLVBvdG9rYS1yb290LWZpbmdlcnByaW50LTE"
OTHER_ROOT = "Wm9sZS1VLVBvdG9rYS1yb290LWZpbmdlcnByaW50LTI"
DOCUMENT = "eyJhbGciOiJFZERTQSJ9.eyJzZXJpYWwiOjN9.c2lnbmF0dXJl"

FIRST = Actor(user=VIT, organisation=PRISTAV, roles=frozenset({Role.NODE_ADMINISTRATOR}))
SECOND = Actor(user=OLGA, organisation=PRISTAV, roles=frozenset({Role.NODE_ADMINISTRATOR}))

_PIN: dict[str, Any] = {
    "organisation_id": SCHOOL,
    "code": "zs-u-potoka",
    "name": "ZŠ U Potoka",
    "kind": OrganisationKind.SCHOOL,
    "root_fingerprint": ROOT,
    "hub_account": "ZS_U_POTOKA",
}
_KEYS: dict[str, Any] = {
    "organisation_id": SCHOOL,
    "document": DOCUMENT,
    "serial": 3,
    "seal_to": "seal-2026-02",
    "root_fingerprint": ROOT,
}


def _command(**over: Any) -> dict[str, Any]:
    return {"actor": FIRST, "occurred_at": NOW, "organisation_id": SCHOOL, **over}


def pin_organisation(**over: Any) -> PinOrganisation:
    return PinOrganisation(**_command(**{**_PIN, **over}))


def accept_key_set(**over: Any) -> AcceptKeySet:
    return AcceptKeySet(**_command(**{**_KEYS, **over}))


def revoke_organisation(**over: Any) -> RevokeOrganisation:
    return RevokeOrganisation(**_command(**{"reason": "klíče v cizích rukou", **over}))


def reinstate_organisation(**over: Any) -> ReinstateOrganisation:
    return ReinstateOrganisation(**_command(**over))


def replace_root(**over: Any) -> ReplaceRoot:
    return ReplaceRoot(**_command(**{"root_fingerprint": OTHER_ROOT, **over}))


def organisation_pinned(**over: Any) -> OrganisationPinned:
    return OrganisationPinned.model_validate({**_PIN, **over})


def key_set_accepted(**over: Any) -> KeySetAccepted:
    return KeySetAccepted.model_validate({**_KEYS, **over})


def organisation_revoked(**over: Any) -> OrganisationRevoked:
    return OrganisationRevoked.model_validate({"organisation_id": SCHOOL, "reason": "klíče v cizích rukou", **over})


def reinstatement_proposed(**over: Any) -> ReinstatementProposed:
    return ReinstatementProposed.model_validate({"organisation_id": SCHOOL, "administrator": VIT, **over})


def organisation_reinstated(**over: Any) -> OrganisationReinstated:
    return OrganisationReinstated.model_validate({"organisation_id": SCHOOL, "administrators": (VIT, OLGA), **over})


def root_replacement_proposed(**over: Any) -> RootReplacementProposed:
    filled = {"organisation_id": SCHOOL, "administrator": VIT, "root_fingerprint": OTHER_ROOT}
    return RootReplacementProposed.model_validate({**filled, **over})


def root_replaced(**over: Any) -> RootReplaced:
    filled = {"organisation_id": SCHOOL, "administrators": (VIT, OLGA), "root_fingerprint": OTHER_ROOT}
    return RootReplaced.model_validate({**filled, **over})


COMPLETE: tuple[Event, ...] = (
    organisation_pinned(),
    key_set_accepted(),
    organisation_revoked(),
    reinstatement_proposed(),
    organisation_reinstated(),
    root_replacement_proposed(),
    root_replaced(),
)
REQUIRED: tuple[Event, ...] = COMPLETE
