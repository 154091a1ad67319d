"""What the node itself notes about a person, when something happened elsewhere. Pure.

A note that is no news is `()`; one that does not fit is refused, lands among the dead letters, and a person
looks at it: a late message reopens nothing silently (X13).
"""

from typing import assert_never

from libs.codelists import LadderStage, LadderStep
from libs.eventlog import Rejected
from services.contacts.person.commands import (
    DropContact,
    DropDuplicate,
    NodeCommand,
    NoteAgreement,
    NoteContact,
    NoteDuplicate,
    NotePlan,
    NotePlanClosed,
    TakeOverPerson,
)
from services.contacts.person.events import (
    DuplicateDropped,
    DuplicateNoted,
    PersonBecameClient,
    PersonContactDropped,
    PersonContactNoted,
    PersonEvent,
    PersonPlanActivated,
    PersonPlanClosed,
    PersonTakenOver,
)
from services.contacts.person.ladder import after
from services.contacts.person.state import Known, Unmet


def note(command: NodeCommand, person: Known) -> tuple[PersonEvent, ...]:
    """What `cases` concluded, activated and closed, and what a handover settled."""
    who, at, ladder = command.person_id, command.occurred_at, person.ladder
    match command:
        case NoteAgreement():
            if ladder.stage in (LadderStage.CLIENT, LadderStage.CLIENT_WITH_PLAN):
                return ()
            stage = after(ladder, LadderStep.AGREEMENT_CONCLUDED)
            agreement, team = command.agreement_id, person.team
            return (PersonBecameClient(person_id=who, agreement_id=agreement, team=team, stage=stage, concluded_at=at),)
        case NotePlan():
            if command.plan_id in ladder.plans:
                return ()
            stage = ladder.stage if ladder.plans else after(ladder, LadderStep.PLAN_ACTIVATED)
            return (PersonPlanActivated(person_id=who, plan_id=command.plan_id, stage=stage, activated_at=at),)
        case NotePlanClosed():
            if command.plan_id not in ladder.plans:
                raise Rejected("unknown_plan", "This plan was never noted. Nothing was recorded.")
            last = not ladder.plans - {command.plan_id}
            stage = after(ladder, LadderStep.PLAN_CLOSED) if last else ladder.stage
            return (PersonPlanClosed(person_id=who, plan_id=command.plan_id, stage=stage, closed_at=at),)
        case TakeOverPerson():
            if person.team == command.to_team:
                return ()
            if person.team != command.from_team:
                raise Rejected(
                    "not_responsible",
                    "The giving team was not responsible for this person. Nothing was recorded. "
                    "Propose the handover from the team that is.",
                )
            handover, team = command.handover_id, command.to_team
            return (PersonTakenOver(person_id=who, handover_id=handover, team=team, taken_over_at=at),)
        case NoteContact() | DropContact() | NoteDuplicate() | DropDuplicate():
            return note_link(command, person)
        case _:
            assert_never(command)


def note_link(
    command: NoteContact | DropContact | NoteDuplicate | DropDuplicate, person: Unmet | Known
) -> tuple[PersonEvent, ...]:
    """Contacts and duplicate records; noted of somebody without a record as well, for messages cross."""
    who, links = command.person_id, person.links
    match command:
        case NoteContact():
            known = command.contact_id in links.contacts
            return () if known else (PersonContactNoted(person_id=who, contact_id=command.contact_id),)
        case DropContact():
            known = command.contact_id in links.contacts
            return (PersonContactDropped(person_id=who, contact_id=command.contact_id),) if known else ()
        case NoteDuplicate():
            known = command.duplicate in links.duplicates
            return () if known else (DuplicateNoted(person_id=who, duplicate=command.duplicate),)
        case DropDuplicate():
            known = command.duplicate in links.duplicates
            return (DuplicateDropped(person_id=who, duplicate=command.duplicate),) if known else ()
        case _:
            assert_never(command)
