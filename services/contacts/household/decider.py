"""How a household is decided. Pure: no clock, no chance, no I/O.

Members are optional and change no count: persons are counted as the worker saw them (K04).
"""

from typing import assert_never
from uuid import UUID

from libs.codelists import Relation, Role
from libs.eventlog import Decider, Frozen, Rejected
from services.contacts.household.commands import AddMember, HouseholdCommand, MonitorFamily, RemoveMember
from services.contacts.household.events import FamilyMonitored, HouseholdEvent, MemberJoined, MemberLeft


class Household(Frozen):
    """last: the last visit; None: no family was monitored yet."""

    last: FamilyMonitored | None = None
    members: dict[UUID, Relation] = {}


def decide(command: HouseholdCommand, household: Household) -> tuple[HouseholdEvent, ...]:
    """The events to append. `()`: already so. `Rejected`: cannot be, and what to do instead."""
    theirs = household.last is not None and command.actor.team != household.last.team
    if theirs and Role.TEAM_LEADER not in command.actor.roles:
        raise Rejected(
            "not_party",
            "Another team monitors this family. Nothing was recorded. Ask your team leader for a handover.",
        )
    match command:
        case MonitorFamily():
            monitored = FamilyMonitored(
                household_id=command.household_id,
                worker=command.actor.user,
                team=command.actor.team,
                persons=command.persons,
                municipality=command.municipality,
                monitored_at=command.occurred_at,
            )
            return () if monitored == household.last else (monitored,)
        case AddMember():
            if household.last is None:
                raise Rejected(
                    "unknown_household",
                    "This family was not monitored yet. Nothing was recorded. Record the visit first.",
                )
            if household.members.get(command.person_id) is command.relation:
                return ()
            return (
                MemberJoined(
                    household_id=command.household_id,
                    person_id=command.person_id,
                    relation=command.relation,
                ),
            )
        case RemoveMember():
            if command.person_id not in household.members:
                return ()
            return (MemberLeft(household_id=command.household_id, person_id=command.person_id),)
        case _:
            assert_never(command)


def evolve(household: Household, event: HouseholdEvent) -> Household:
    last, members = household.last, dict(household.members)
    match event:
        case FamilyMonitored():
            last = event
        case MemberJoined():
            members[event.person_id] = event.relation
        case MemberLeft():
            members.pop(event.person_id, None)
        case _:
            assert_never(event)
    return Household(last=last, members=members)


HOUSEHOLD: Decider[HouseholdCommand, Household, HouseholdEvent] = Decider(
    name="household",
    key="household_id",
    initial=Household(),
    commands=HouseholdCommand,
    events=HouseholdEvent,
    decide=decide,
    evolve=evolve,
)
