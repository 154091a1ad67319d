"""How a service agreement is decided. Pure: no clock, no chance, no I/O.

    NotOpened → Negotiating → InForce → Ended
                            → Refused
                            → Lapsed

An oral agreement is often concluded in the street without a negotiation written down before: NotOpened
allows what Negotiating allows, except that nobody can lose an interest nobody recorded.
"""

from datetime import date
from typing import Literal, assert_never
from uuid import UUID

from libs.eventlog import Decider, Frozen, Rejected
from services.cases.agreement.commands import (
    AgreementCommand,
    AmendAgreement,
    ChangeKeyWorker,
    ConcludeAgreement,
    EndAgreement,
    LapseNegotiation,
    OpenNegotiation,
    RefuseAgreement,
)
from services.cases.agreement.events import (
    AgreementAmended,
    AgreementConcluded,
    AgreementEnd,
    AgreementEnded,
    AgreementEvent,
    AgreementLapsed,
    AgreementRefused,
    KeyWorkerChanged,
    NegotiationOpened,
)


class NotOpened(Frozen):
    stage: Literal["not_opened"] = "not_opened"


class Negotiating(Frozen):
    stage: Literal["negotiating"] = "negotiating"
    person_id: UUID


class InForce(Frozen):
    stage: Literal["in_force"] = "in_force"
    person_id: UUID
    concluded_on: date
    key_worker: UUID
    agreement_version: int = 1


class Over(Frozen):
    """Nothing more happens to it; to work with the person again takes a new agreement."""

    stage: Literal["refused", "lapsed", "ended"]


Agreement = NotOpened | Negotiating | InForce | Over


def decide(command: AgreementCommand, agreement: Agreement) -> tuple[AgreementEvent, ...]:
    """The events to append. `()`: already so. `Rejected`: cannot be, and what to do instead."""
    match command:
        case OpenNegotiation() | ConcludeAgreement() | RefuseAgreement() | LapseNegotiation():
            return _negotiate(command, agreement)
        case AmendAgreement() | ChangeKeyWorker() | EndAgreement():
            return _change(command, agreement)
        case _:
            assert_never(command)


def _negotiate(
    command: OpenNegotiation | ConcludeAgreement | RefuseAgreement | LapseNegotiation, agreement: Agreement
) -> tuple[AgreementEvent, ...]:
    if _already(command, agreement):
        return ()
    if isinstance(agreement, InForce | Over):
        raise _over(agreement)
    if isinstance(command, LapseNegotiation):
        if isinstance(agreement, NotOpened):
            raise Rejected(
                "not_negotiating",
                "There is no negotiation under this number. Nothing was recorded. Open the person again.",
            )
        return (AgreementLapsed(agreement_id=command.agreement_id, person_id=agreement.person_id),)
    if isinstance(agreement, Negotiating) and agreement.person_id != command.person_id:
        raise Rejected(
            "another_person",
            "This negotiation is about another person. Nothing was recorded. Start a new one for this person.",
        )
    match command:
        case OpenNegotiation():
            return (
                NegotiationOpened(
                    agreement_id=command.agreement_id,
                    person_id=command.person_id,
                    client_order=command.client_order,
                ),
            )
        case ConcludeAgreement():
            return (
                AgreementConcluded(
                    agreement_id=command.agreement_id,
                    person_id=command.person_id,
                    form=command.form,
                    concluded_on=command.concluded_on,
                    key_worker=command.key_worker or command.actor.user,
                    client_order=command.client_order,
                ),
            )
        case RefuseAgreement():
            return (
                AgreementRefused(
                    agreement_id=command.agreement_id,
                    person_id=command.person_id,
                    reason=command.reason,
                    refused_on=command.refused_on,
                    note=command.note,
                ),
            )
        case _:
            assert_never(command)


def _already(command: AgreementCommand, agreement: Agreement) -> bool:
    match command:
        case OpenNegotiation():
            return isinstance(agreement, Negotiating) and agreement.person_id == command.person_id
        case ConcludeAgreement():
            return isinstance(agreement, InForce) and agreement.person_id == command.person_id
        case RefuseAgreement():
            return agreement.stage == "refused"
        case LapseNegotiation():
            return agreement.stage == "lapsed"
        case EndAgreement():
            return agreement.stage == "ended"
        case _:
            return False


def _change(
    command: AmendAgreement | ChangeKeyWorker | EndAgreement, agreement: Agreement
) -> tuple[AgreementEvent, ...]:
    if _already(command, agreement):
        return ()
    if isinstance(agreement, Over):
        raise _over(agreement)
    if not isinstance(agreement, InForce):
        raise Rejected(
            "not_in_force",
            "No agreement is in force yet. Nothing was recorded. Conclude the agreement first.",
        )
    match command:
        case AmendAgreement():
            return (
                AgreementAmended(
                    agreement_id=command.agreement_id,
                    person_id=agreement.person_id,
                    agreement_version=agreement.agreement_version + 1,
                    amended_on=command.amended_on,
                    change=command.change,
                ),
            )
        case ChangeKeyWorker():
            if agreement.key_worker == command.key_worker:
                return ()
            return (
                KeyWorkerChanged(
                    agreement_id=command.agreement_id,
                    person_id=agreement.person_id,
                    key_worker=command.key_worker,
                    since=command.since,
                ),
            )
        case EndAgreement():
            return (_end(command, agreement),)
        case _:
            assert_never(command)


def _end(command: EndAgreement, agreement: InForce) -> AgreementEnded:
    if command.ended_on < agreement.concluded_on:
        raise Rejected(
            "ends_before_it_began",
            "The last day lies before the day of the agreement. Nothing was recorded. Check the date.",
        )
    if command.ending is AgreementEnd.PROVIDER_NOTICE and command.ground is None:
        raise Rejected(
            "notice_without_ground",
            "A provider's notice needs its ground. Nothing was recorded. Write why the notice is given.",
        )
    return AgreementEnded(
        agreement_id=command.agreement_id,
        person_id=agreement.person_id,
        ending=command.ending,
        ended_on=command.ended_on,
        ground=command.ground,
    )


def _over(agreement: InForce | Over) -> Rejected:
    if isinstance(agreement, InForce):
        return Rejected(
            "already_in_force",
            "The agreement is in force already. Nothing was recorded. Amend it, or end it and conclude a new one.",
        )
    return Rejected(
        "already_terminal",
        "This agreement is over. Nothing was recorded, its record stays. Conclude a new agreement.",
    )


def evolve(agreement: Agreement, event: AgreementEvent) -> Agreement:
    """Total: what an agreement cannot follow changes nothing."""
    match event:
        case NegotiationOpened():
            return Negotiating(person_id=event.person_id)
        case AgreementConcluded():
            return InForce(person_id=event.person_id, concluded_on=event.concluded_on, key_worker=event.key_worker)
        case AgreementAmended():
            return _in_force(agreement, agreement_version=event.agreement_version)
        case KeyWorkerChanged():
            return _in_force(agreement, key_worker=event.key_worker)
        case AgreementRefused():
            return Over(stage="refused")
        case AgreementLapsed():
            return Over(stage="lapsed")
        case AgreementEnded():
            return Over(stage="ended")
        case _:
            assert_never(event)


def _in_force(
    agreement: Agreement, *, agreement_version: int | None = None, key_worker: UUID | None = None
) -> Agreement:
    if not isinstance(agreement, InForce):
        return agreement
    return InForce(
        person_id=agreement.person_id,
        concluded_on=agreement.concluded_on,
        key_worker=key_worker or agreement.key_worker,
        agreement_version=agreement_version or agreement.agreement_version,
    )


AGREEMENT: Decider[AgreementCommand, Agreement, AgreementEvent] = Decider(
    name="agreement",
    key="agreement_id",
    initial=NotOpened(),
    commands=AgreementCommand,
    events=AgreementEvent,
    decide=decide,
    evolve=evolve,
)
