"""What `contacts` does when something happened elsewhere. Pure: an event in, an own command out.

Ids follow from the event's id: a redelivery asks for the same again, and nothing happens.
"""

from typing import Any

from libs.codelists import Role
from libs.eventlog import Actor, Recorded, derived_id
from services.cases.agreement.events import AgreementConcluded
from services.cases.plan.events import PlanActivated, PlanClosed
from services.contacts.contact.events import ContactLinked, ContactRecorded, ContactUnlinked
from services.contacts.handover.events import HandoverAccepted
from services.contacts.person.commands import (
    DropContact,
    DropDuplicate,
    NoteAgreement,
    NoteContact,
    NoteDuplicate,
    NotePlan,
    NotePlanClosed,
    TakeOverPerson,
)
from services.contacts.person.events import PersonForgotten, PersonsLinked, PersonsUnlinked


def note_agreement(concluded: Recorded[AgreementConcluded]) -> NoteAgreement:
    """An agreement makes a client."""
    return NoteAgreement(
        id=derived_id(concluded.id, "note agreement"),
        actor=node_actor(concluded),
        occurred_at=concluded.occurred_at,
        person_id=concluded.event.person_id,
        agreement_id=concluded.event.agreement_id,
        team=concluded.actor.team,
    )


def note_plan(activated: Recorded[PlanActivated]) -> NotePlan:
    return NotePlan(
        id=derived_id(activated.id, "note plan"),
        actor=node_actor(activated),
        occurred_at=activated.occurred_at,
        person_id=activated.event.person_id,
        plan_id=activated.event.plan_id,
    )


def note_plan_closed(closed: Recorded[PlanClosed]) -> NotePlanClosed:
    return NotePlanClosed(
        id=derived_id(closed.id, "note plan closed"),
        actor=node_actor(closed),
        occurred_at=closed.occurred_at,
        person_id=closed.event.person_id,
        plan_id=closed.event.plan_id,
    )


def note_contact(linked: Recorded[ContactRecorded] | Recorded[ContactLinked]) -> NoteContact | None:
    """So that forgetting a person also forgets what was said in their contacts. Anonymous ones have nobody."""
    if linked.event.person_id is None:
        return None
    return NoteContact(
        id=derived_id(linked.id, "note contact"),
        actor=node_actor(linked),
        occurred_at=linked.occurred_at,
        person_id=linked.event.person_id,
        contact_id=linked.event.contact_id,
    )


def drop_contact(unlinked: Recorded[ContactUnlinked]) -> DropContact:
    return DropContact(
        id=derived_id(unlinked.id, "drop contact"),
        actor=node_actor(unlinked),
        occurred_at=unlinked.occurred_at,
        person_id=unlinked.event.person_id,
        contact_id=unlinked.event.contact_id,
    )


def note_duplicate(linked: Recorded[PersonsLinked]) -> NoteDuplicate:
    """The record that is kept knows who leads to it."""
    return NoteDuplicate(
        id=derived_id(linked.id, "note duplicate"),
        actor=node_actor(linked),
        occurred_at=linked.occurred_at,
        person_id=linked.event.same_as,
        duplicate=linked.event.person_id,
    )


def drop_duplicate(gone: Recorded[PersonsUnlinked] | Recorded[PersonForgotten]) -> DropDuplicate | None:
    """Two people after all, or one of two records forgotten."""
    if gone.event.same_as is None:
        return None
    return DropDuplicate(
        id=derived_id(gone.id, "drop duplicate"),
        actor=node_actor(gone),
        occurred_at=gone.occurred_at,
        person_id=gone.event.same_as,
        duplicate=gone.event.person_id,
    )


def take_over_person(accepted: Recorded[HandoverAccepted]) -> TakeOverPerson:
    """The receiving team is responsible from now on, if the giving team was."""
    return TakeOverPerson(
        id=derived_id(accepted.id, "take over person"),
        actor=node_actor(accepted),
        occurred_at=accepted.occurred_at,
        person_id=accepted.event.person_id,
        handover_id=accepted.event.handover_id,
        from_team=accepted.event.from_team,
        to_team=accepted.event.to_team,
    )


def node_actor(recorded: Recorded[Any]) -> Actor:
    """This node itself. For own events only."""
    organisation = recorded.actor.organisation
    return Actor(user=organisation, organisation=organisation, roles=frozenset({Role.NODE}))
