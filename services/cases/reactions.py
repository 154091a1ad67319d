"""What `cases` does when events arrive: pure functions from an event to a command of its own.

Ids follow from the event's id: a redelivery asks for the same again, and nothing happens.
"""

from typing import Any
from uuid import UUID

from libs.codelists import Role
from libs.eventlog import Actor, Recorded, derived_id
from services.cases.referral.commands import LIGHT_RECIPIENT, AcknowledgeReferral, DiscloseIdentity
from services.cases.referral.events import (
    ProgressEntry,
    ReferralEnteredInError,
    ReferralWithdrawn,
    RequestEntry,
)


def acknowledge_referral(recorded: Recorded[RequestEntry]) -> AcknowledgeReferral | None:
    """A letter of the sender's log has arrived: the recipient's node answers what the whole log asks for.

    Any letter may be the one that closes a gap, so each one asks. A recipient without a node acknowledges by
    opening its link; only when the referral is taken back does the sender's node do it in its stead.
    """
    told = recorded.event
    if told.hosted:
        if not isinstance(told, ReferralWithdrawn | ReferralEnteredInError):
            return None
        actor = Actor(user=told.recipient, organisation=told.sender, roles=frozenset({Role.NODE, LIGHT_RECIPIENT}))
    elif has_arrived(recorded):
        actor = acting_for(told.recipient)
    else:
        return None
    return AcknowledgeReferral(
        id=derived_id(recorded.id, "acknowledge-referral"),
        actor=actor,
        occurred_at=recorded.recorded_at,
        referral_id=told.referral_id,
        causation_id=recorded.id,
        correlation_id=recorded.correlation_id,
    )


def disclose_identity(recorded: Recorded[ProgressEntry]) -> DiscloseIdentity | None:
    """An acceptance has arrived, or a letter that an early one waited for: the node looks whether identity is due."""
    told = recorded.event
    if not (told.hosted or has_arrived(recorded)):
        return None
    return DiscloseIdentity(
        id=derived_id(recorded.id, "disclose-identity"),
        actor=acting_for(told.sender),
        occurred_at=recorded.recorded_at,
        referral_id=told.referral_id,
        causation_id=recorded.id,
        correlation_id=recorded.correlation_id,
    )


def has_arrived(recorded: Recorded[Any]) -> bool:
    """Whether a shared event came as a letter: it is never sent on, so it has no audience here."""
    return not recorded.audience


def node_actor(recorded: Recorded[Any]) -> Actor:
    """This node itself. For own events only: the actor of an arrived one is the organisation that sent it."""
    return acting_for(recorded.actor.organisation)


def acting_for(organisation: UUID) -> Actor:
    """The node of an organisation, acting by itself."""
    return Actor(user=organisation, organisation=organisation, roles=frozenset({Role.NODE}))
