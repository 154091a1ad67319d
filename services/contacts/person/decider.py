"""How a person's record is decided. Pure: no clock, no chance, no I/O.

    Unmet → Known (somewhere on the ladder, see ladder.py) → Forgotten

A record belongs to a team; others' workers are refused, team leaders are not (O04). The node's own notes say
what happened elsewhere and are taken from every stage where that can be.
"""

from typing import assert_never
from uuid import UUID

from libs.codelists import IdentityLevel, LadderStage, LadderStep, Role
from libs.eventlog import Actor, Decider, Rejected, derived_id
from services.contacts.person.commands import (
    CloseCase,
    DescribePerson,
    DropContact,
    DropDuplicate,
    ExpressInterest,
    ForgetCommand,
    ForgetPerson,
    GiveIdentity,
    GiveNickname,
    HoldPerson,
    LeaderCommand,
    LiftHold,
    LinkPersons,
    LoseInterest,
    NodeCommand,
    NoteAgreement,
    NoteContact,
    NoteDuplicate,
    PersonCommand,
    ReopenCase,
    UnlinkPersons,
    WithdrawIdentity,
    WorkerCommand,
)
from services.contacts.person.events import (
    CaseClosed,
    CaseReopened,
    IdentityGiven,
    IdentityWithdrawn,
    InterestExpressed,
    InterestLost,
    NicknameGiven,
    PersonBecameClient,
    PersonContactForgotten,
    PersonDescribed,
    PersonEvent,
    PersonForgotten,
    PersonHeld,
    PersonHoldLifted,
    PersonsLinked,
    PersonsUnlinked,
)
from services.contacts.person.ladder import FIRST, after
from services.contacts.person.notes import note, note_link
from services.contacts.person.state import Forgotten, Known, Person, Unmet, evolve

_EVERY_TEAM = frozenset({Role.TEAM_LEADER, Role.DPO, Role.NODE})


def decide(command: PersonCommand, person: Person) -> tuple[PersonEvent, ...]:
    """The events to append. `()`: already so. `Rejected`: cannot be, and what to do instead."""
    match person:
        case Unmet():
            return _meet(command, person)
        case Forgotten():
            return _after_forgetting(command)
        case Known():
            _require_team(command.actor, person.team)
            if isinstance(command, WorkerCommand):
                return _work(command, person)
            if isinstance(command, LeaderCommand):
                return _lead(command, person)
            if isinstance(command, ForgetCommand):
                return _forget(command, person)
            return note(command, person)
        case _:
            assert_never(person)


def person_code(person_id: UUID) -> str:
    """What somebody without a nickname is called, from the chance already in their id."""
    return f"K-{person_id.hex[-8:].upper()}"


def identity_key(person_id: UUID, withdrawn: int) -> UUID:
    """Whose key seals a name: another one after each withdrawal, so that the person's own key may stay."""
    return derived_id(person_id, f"identity {withdrawn + 1}")


def _meet(command: PersonCommand, person: Unmet) -> tuple[PersonEvent, ...]:
    match command:
        case GiveNickname():
            return (
                NicknameGiven(
                    person_id=command.person_id,
                    nickname=command.nickname,
                    team=command.actor.team,
                    stage=FIRST[LadderStep.NICKNAME_GIVEN],
                    identity=IdentityLevel.NICKNAME,
                    given_at=command.occurred_at,
                ),
            )
        case ExpressInterest():
            return (
                InterestExpressed(
                    person_id=command.person_id,
                    code=person_code(command.person_id),
                    team=command.actor.team,
                    stage=FIRST[LadderStep.INTEREST_EXPRESSED],
                    expressed_at=command.occurred_at,
                ),
            )
        case NoteAgreement():
            return (
                PersonBecameClient(
                    person_id=command.person_id,
                    agreement_id=command.agreement_id,
                    code=person_code(command.person_id),
                    team=command.team,
                    stage=FIRST[LadderStep.AGREEMENT_CONCLUDED],
                    concluded_at=command.occurred_at,
                ),
            )
        case NoteContact() | DropContact() | NoteDuplicate() | DropDuplicate():
            return note_link(command, person)
        case ForgetPerson() if person.links.contacts:
            return _forgotten(command.person_id, person)
        case _:
            raise Rejected(
                "unknown_person",
                "There is no record of this person. Nothing was recorded. Give a nickname or note the interest first.",
            )


def _after_forgetting(command: PersonCommand) -> tuple[PersonEvent, ...]:
    if isinstance(command, NoteContact):  # linked while forgetting was under way
        return (PersonContactForgotten(person_id=command.person_id, contact_id=command.contact_id),)
    if isinstance(command, ForgetPerson | NodeCommand):
        return ()
    raise Rejected("forgotten", "This person was forgotten at their request. Nothing was recorded. Start a new record.")


def _work(command: WorkerCommand, person: Known) -> tuple[PersonEvent, ...]:
    who, at = command.person_id, command.occurred_at
    match command:
        case GiveNickname():
            return (
                NicknameGiven(
                    person_id=who,
                    nickname=command.nickname,
                    team=person.team,
                    stage=person.ladder.stage,
                    identity=person.identity.level,
                    given_at=at,
                ),
            )
        case DescribePerson():
            described = PersonDescribed(
                person_id=who,
                sex=command.sex,
                age_band=command.age_band,
                housing=command.housing,
                residence=command.residence,
            )
            return () if described == PersonDescribed(person_id=who) else (described,)
        case ExpressInterest():
            if person.ladder.stage is LadderStage.INTERESTED:
                return ()
            stage = after(person.ladder, LadderStep.INTEREST_EXPRESSED)
            return (InterestExpressed(person_id=who, team=person.team, stage=stage, expressed_at=at),)
        case LoseInterest():
            if person.ladder.stage is LadderStage.CLOSED:
                return ()
            stage = after(person.ladder, LadderStep.INTEREST_LOST)
            return (InterestLost(person_id=who, stage=stage, lost_at=at),)
        case CloseCase():
            if person.ladder.stage is LadderStage.CLOSED:
                return ()
            stage = after(person.ladder, LadderStep.CASE_CLOSED)
            return (CaseClosed(person_id=who, reason=command.reason, stage=stage, closed_at=at),)
        case GiveIdentity():
            key = identity_key(who, person.identity.withdrawn)
            return (IdentityGiven(person_id=who, identity_id=key, identity=command.level, name=command.name),)
        case WithdrawIdentity():
            return _identity_withdrawn(who, person)
        case _:
            assert_never(command)


def _lead(command: LeaderCommand, person: Known) -> tuple[PersonEvent, ...]:
    who, links = command.person_id, person.links
    match command:
        case ReopenCase():
            stage = after(person.ladder, LadderStep.CASE_REOPENED)
            return (
                CaseReopened(
                    person_id=who,
                    episode=person.ladder.episode + 1,
                    reason=command.reason,
                    stage=stage,
                    reopened_at=command.occurred_at,
                ),
            )
        case LinkPersons():
            if links.same_as == command.same_as:
                return ()
            if command.same_as == who or links.same_as is not None or links.duplicates:
                raise Rejected(
                    "linked_elsewhere",
                    "This record is itself linked to another one. Nothing was recorded. Unlink that first.",
                )
            return (PersonsLinked(person_id=who, same_as=command.same_as, reason=command.reason),)
        case UnlinkPersons():
            if links.same_as is None:
                return ()
            return (PersonsUnlinked(person_id=who, same_as=links.same_as, reason=command.reason),)
        case _:
            assert_never(command)


def _forget(command: ForgetCommand, person: Known) -> tuple[PersonEvent, ...]:
    match command:
        case HoldPerson():
            return () if person.held else (PersonHeld(person_id=command.person_id, reason=command.reason),)
        case LiftHold():
            return (PersonHoldLifted(person_id=command.person_id),) if person.held else ()
        case ForgetPerson():
            if person.held:
                raise Rejected(
                    "legal_hold",
                    "A legal hold keeps this record. Nothing was forgotten. Lift the hold when it has ended.",
                )
            if person.links.duplicates:
                raise Rejected(
                    "duplicate_left",
                    "Another record of the same person is linked to this one. Nothing was forgotten. "
                    "Forget the linked record first.",
                )
            return (*_identity_withdrawn(command.person_id, person), *_forgotten(command.person_id, person))
        case _:
            assert_never(command)


def _forgotten(who: UUID, person: Unmet | Known) -> tuple[PersonEvent, ...]:
    """Every key that seals words about this person goes: the person's, and those of their contacts."""
    contacts = sorted(person.links.contacts)
    return (
        *(PersonContactForgotten(person_id=who, contact_id=contact) for contact in contacts),
        PersonForgotten(person_id=who, same_as=person.links.same_as),
    )


def _identity_withdrawn(who: UUID, person: Known) -> tuple[PersonEvent, ...]:
    if not person.identity.named:
        return ()
    return (IdentityWithdrawn(person_id=who, identity_id=identity_key(who, person.identity.withdrawn)),)


def _require_team(actor: Actor, team: str | None) -> None:
    if actor.team != team and not actor.roles & _EVERY_TEAM:
        raise Rejected(
            "not_party",
            "Another team is responsible for this person. Nothing was recorded. Ask that team, or propose a handover.",
        )


PERSON: Decider[PersonCommand, Person, PersonEvent] = Decider(
    name="person",
    key="person_id",
    initial=Unmet(),
    commands=PersonCommand,
    events=PersonEvent,
    decide=decide,
    evolve=evolve,
)
