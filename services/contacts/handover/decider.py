"""How a handover is decided. Pure: no clock, no chance, no I/O.

NotProposed → Proposed → Accepted | Declined | Withdrawn
"""

from typing import Literal, assert_never
from uuid import UUID

from libs.codelists import Role
from libs.eventlog import Actor, Decider, Frozen, Rejected
from services.contacts.handover.commands import (
    AcceptHandover,
    DeclineHandover,
    HandoverCommand,
    ProposeHandover,
    WithdrawHandover,
)
from services.contacts.handover.events import (
    HandoverAccepted,
    HandoverDeclined,
    HandoverEvent,
    HandoverProposed,
    HandoverWithdrawn,
)


class NotProposed(Frozen):
    stage: Literal["not_proposed"] = "not_proposed"


class Proposed(Frozen):
    stage: Literal["proposed"] = "proposed"
    person_id: UUID
    from_team: str
    to_team: str


class Accepted(Frozen):
    stage: Literal["accepted"] = "accepted"


class Declined(Frozen):
    stage: Literal["declined"] = "declined"


class Withdrawn(Frozen):
    stage: Literal["withdrawn"] = "withdrawn"


Handover = NotProposed | Proposed | Accepted | Declined | Withdrawn


def decide(command: HandoverCommand, handover: Handover) -> tuple[HandoverEvent, ...]:
    """The events to append. `()`: already so. `Rejected`: cannot be, and what to do instead."""
    if isinstance(command, ProposeHandover):
        return _propose(command) if isinstance(handover, NotProposed) else ()
    match handover:
        case Proposed():
            return _answer(command, handover)
        case NotProposed():
            raise Rejected(
                "unknown_handover",
                "There is no such proposal. Nothing was recorded. Open the list of handovers and choose again.",
            )
        case Accepted():
            already = isinstance(command, AcceptHandover)
        case Declined():
            already = isinstance(command, DeclineHandover)
        case Withdrawn():
            already = isinstance(command, WithdrawHandover)
        case _:
            assert_never(handover)
    if already:
        return ()
    raise Rejected(
        "already_terminal",
        "This proposal was already answered or taken back. Nothing was recorded. Propose a new handover.",
    )


def _propose(command: ProposeHandover) -> tuple[HandoverEvent, ...]:
    team = command.actor.team
    if team is None:
        raise Rejected("no_team", "You belong to no team. Nothing was recorded. Ask a worker of the giving team.")
    if team == command.to_team:
        raise Rejected("same_team", "This is your own team. Nothing was recorded. Choose another team.")
    if not command.client_agrees:
        raise Rejected(
            "client_disagrees",
            "The client has not agreed. Nothing was recorded, your team stays responsible. Ask the client first.",
        )
    return (
        HandoverProposed(
            handover_id=command.handover_id,
            person_id=command.person_id,
            from_team=team,
            to_team=command.to_team,
            reason=command.reason,
            proposed_at=command.occurred_at,
        ),
    )


def _answer(
    command: AcceptHandover | DeclineHandover | WithdrawHandover, handover: Proposed
) -> tuple[HandoverEvent, ...]:
    handover_id, person_id, at = command.handover_id, handover.person_id, command.occurred_at
    match command:
        case AcceptHandover():
            _require_team(command.actor, handover.to_team)
            return (
                HandoverAccepted(
                    handover_id=handover_id,
                    person_id=person_id,
                    from_team=handover.from_team,
                    to_team=handover.to_team,
                    worker=command.actor.user,
                    answered_at=at,
                ),
            )
        case DeclineHandover():
            _require_team(command.actor, handover.to_team)
            return (
                HandoverDeclined(handover_id=handover_id, person_id=person_id, reason=command.reason, answered_at=at),
            )
        case WithdrawHandover():
            _require_team(command.actor, handover.from_team)
            return (HandoverWithdrawn(handover_id=handover_id, person_id=person_id, answered_at=at),)
        case _:
            assert_never(command)


def _require_team(actor: Actor, team: str) -> None:
    """A team leader without a team of their own leads them all."""
    leads_all = actor.team is None and Role.TEAM_LEADER in actor.roles
    if actor.team != team and not leads_all:
        raise Rejected(
            "not_party",
            "This is for the other team to decide. Nothing was recorded. Wait for their answer.",
        )


def evolve(handover: Handover, event: HandoverEvent) -> Handover:
    """Total: an answer to what was never proposed stands all the same."""
    match event:
        case HandoverProposed():
            return Proposed(person_id=event.person_id, from_team=event.from_team, to_team=event.to_team)
        case HandoverAccepted():
            return Accepted()
        case HandoverDeclined():
            return Declined()
        case HandoverWithdrawn():
            return Withdrawn()
        case _:
            assert_never(event)


HANDOVER: Decider[HandoverCommand, Handover, HandoverEvent] = Decider(
    name="handover",
    key="handover_id",
    initial=NotProposed(),
    commands=HandoverCommand,
    events=HandoverEvent,
    decide=decide,
    evolve=evolve,
)
