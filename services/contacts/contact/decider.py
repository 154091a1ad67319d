"""How a contact is decided. Pure: no clock, no chance, no I/O.

    Unrecorded → Kept ⇄ Kept with a conflict → Voided

Linking a person never changes how a contact counts (K06).
"""

from typing import Literal, assert_never
from uuid import UUID

from libs.codelists import CountedAs, Role
from libs.eventlog import Actor, Decider, Frozen, Rejected
from libs.privacy import Personal
from services.contacts.contact.commands import (
    ContactCommand,
    CorrectContact,
    LinkContact,
    RecordContact,
    ResolveConflict,
    UnlinkContact,
    VoidContact,
)
from services.contacts.contact.counting import counted_as
from services.contacts.contact.events import (
    ConflictRaised,
    ConflictResolved,
    ContactCorrected,
    ContactEvent,
    ContactLinked,
    ContactRecorded,
    ContactUnlinked,
    ContactVoided,
    Facts,
)
from services.contacts.contact.facts import changed, facts_of, only, overlaid


class Unrecorded(Frozen):
    stage: Literal["unrecorded"] = "unrecorded"


class Conflict(Frozen):
    """The other value, while nobody has chosen. note: an opaque token."""

    proposed: Facts = Facts()
    note: Personal[str] | None = None


class Kept(Frozen):
    """revised: field → revision of its last change."""

    stage: Literal["kept"] = "kept"
    author: UUID
    facts: Facts
    revision: int = 1
    revised: dict[str, int] = {}
    person_id: UUID | None = None
    conflict: Conflict | None = None


class Voided(Frozen):
    stage: Literal["voided"] = "voided"


Contact = Unrecorded | Kept | Voided

_NOTE = frozenset({"note"})
_NOTHING = frozenset[str]()


def decide(command: ContactCommand, contact: Contact) -> tuple[ContactEvent, ...]:
    """The events to append. `()`: already so. `Rejected`: cannot be, and what to do instead."""
    if isinstance(command, RecordContact):
        return _record(command, contact)
    match contact:
        case Unrecorded():
            raise Rejected(
                "unknown_contact",
                "There is no such contact. Nothing was recorded. Open the list of contacts and choose again.",
            )
        case Voided():
            if isinstance(command, VoidContact):
                return ()
            raise Rejected(
                "already_terminal",
                "This contact was voided. Nothing was recorded. Record a new contact instead.",
            )
        case Kept():
            return _change(command, contact)
        case _:
            assert_never(contact)


def _record(command: RecordContact, contact: Contact) -> tuple[ContactEvent, ...]:
    event = ContactRecorded(
        contact_id=command.contact_id,
        worker=command.actor.user,
        team=command.actor.team,
        person_id=command.person_id,
        channel=command.channel,
        municipality=command.municipality,
        locality=command.locality,
        place=command.place,
        started_at=command.started_at,
        minutes=command.minutes,
        counted_as=counted_as(command.minutes, command.municipality, command.started_at),
        topics=command.topics,
        activities=command.activities,
        approached=command.approached,
        spoke=command.spoke,
        nickname=command.nickname,
        sex=command.sex,
        age_band=command.age_band,
        heard_before=command.heard_before,
        note=command.note,
    )
    if isinstance(contact, Unrecorded):
        return (event,)
    if isinstance(contact, Voided) or contact.facts == facts_of(event):
        return ()
    raise Rejected(
        "contact_exists",
        "Another contact is recorded under this number. Nothing was recorded. Correct the contact instead.",
    )


def _change(
    command: CorrectContact | ResolveConflict | VoidContact | LinkContact | UnlinkContact, contact: Kept
) -> tuple[ContactEvent, ...]:
    match command:
        case CorrectContact():
            _require_author(command.actor, contact)
            return _correct(command, contact)
        case ResolveConflict():
            _require_author(command.actor, contact)
            return _resolve(command, contact)
        case VoidContact():
            _require_author(command.actor, contact)
            return (ContactVoided(contact_id=command.contact_id, reason=command.reason),)
        case LinkContact():
            if contact.person_id == command.person_id:
                return ()
            if contact.person_id is not None:
                raise Rejected(
                    "linked_elsewhere",
                    "This contact belongs to another person. Nothing was recorded. Unlink it first.",
                )
            return (ContactLinked(contact_id=command.contact_id, person_id=command.person_id),)
        case UnlinkContact():
            if contact.person_id is None:
                return ()
            return (
                ContactUnlinked(
                    contact_id=command.contact_id,
                    person_id=contact.person_id,
                    reason=command.reason,
                ),
            )
        case _:
            assert_never(command)


def _correct(command: CorrectContact, contact: Kept) -> tuple[ContactEvent, ...]:
    """What nobody else touched since `base_revision` is corrected; the rest waits for somebody to choose."""
    if contact.conflict is not None:
        raise Rejected(
            "in_conflict",
            "Two versions of this contact wait for a choice. Nothing was recorded. Choose one, then correct it.",
        )
    names = changed(contact.facts, command.changes) | (_NOTE if command.note is not None else _NOTHING)
    base = contact.revision if command.base_revision is None else command.base_revision
    crossed = frozenset(name for name in names if contact.revised.get(name, 1) > base)
    free = names - crossed
    events: list[ContactEvent] = []
    if free:
        changes = only(command.changes, free)
        events.append(
            ContactCorrected(
                contact_id=command.contact_id,
                revision=contact.revision + 1,
                changes=changes,
                note=command.note if free >= _NOTE else None,
                counted_as=_counted(overlaid(contact.facts, changes)),
                reason=command.reason,
            )
        )
    if crossed:
        events.append(
            ConflictRaised(
                contact_id=command.contact_id,
                worker=command.actor.user,
                proposed=only(command.changes, crossed),
                note=command.note if crossed >= _NOTE else None,
                reason=command.reason,
            )
        )
    return tuple(events)


def _resolve(command: ResolveConflict, contact: Kept) -> tuple[ContactEvent, ...]:
    conflict = contact.conflict
    if conflict is None:
        return ()
    taken = conflict if command.chosen == "proposed" else Conflict()
    return (
        ConflictResolved(
            contact_id=command.contact_id,
            worker=command.actor.user,
            chosen=command.chosen,
            revision=contact.revision + 1,
            changes=taken.proposed,
            note=taken.note,
            counted_as=_counted(overlaid(contact.facts, taken.proposed)),
            reason=command.reason,
        ),
    )


def _require_author(actor: Actor, contact: Kept) -> None:
    if actor.user != contact.author and Role.TEAM_LEADER not in actor.roles:
        raise Rejected(
            "not_author",
            "Somebody else recorded this contact. Nothing was recorded. Ask them or a team leader.",
        )


def _counted(facts: Facts) -> CountedAs:
    if facts.minutes is None or facts.started_at is None:
        return CountedAs.NEITHER
    return counted_as(facts.minutes, facts.municipality, facts.started_at)


def evolve(contact: Contact, event: ContactEvent) -> Contact:
    """Total: what is told of a contact that was never recorded, or was voided, is passed over."""
    if isinstance(event, ContactRecorded):
        return Kept(author=event.worker, facts=facts_of(event), person_id=event.person_id)
    if not isinstance(contact, Kept):
        return contact
    facts, revision, revised = contact.facts, contact.revision, contact.revised
    person_id, conflict = contact.person_id, contact.conflict
    match event:
        case ContactCorrected() | ConflictResolved():
            names = changed(facts, event.changes) | (_NOTE if event.note is not None else _NOTHING)
            facts, revision = overlaid(facts, event.changes), event.revision
            revised = {**revised, **dict.fromkeys(names, revision)}
            conflict = None
        case ConflictRaised():
            conflict = Conflict(proposed=event.proposed, note=event.note)
        case ContactVoided():
            return Voided()
        case ContactLinked():
            person_id = event.person_id
        case ContactUnlinked():
            person_id = None
        case _:
            assert_never(event)
    return Kept(
        author=contact.author,
        facts=facts,
        revision=revision,
        revised=revised,
        person_id=person_id,
        conflict=conflict,
    )


CONTACT: Decider[ContactCommand, Contact, ContactEvent] = Decider(
    name="contact",
    key="contact_id",
    initial=Unrecorded(),
    commands=ContactCommand,
    events=ContactEvent,
    decide=decide,
    evolve=evolve,
)
