"""Identifiers. The only place that rolls dice; called at the edge, never in a decider."""

from uuid import UUID, uuid5

import uuid_utils


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): sorts by the time it was made."""
    return UUID(int=uuid_utils.uuid7().int)


def derived_id(origin: UUID, purpose: str) -> UUID:
    """The same id for the same origin and purpose, so that a redelivery asks for the same thing again."""
    return uuid5(origin, purpose)
