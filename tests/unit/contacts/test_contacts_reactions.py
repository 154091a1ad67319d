"""What `contacts` makes of events, and steps 2 to 8 of the story told by its commands."""

from functools import reduce
from typing import Any
from uuid import UUID

from libs.codelists import CountedAs, LadderStage
from libs.eventlog import Actor, Command, Decider, Event, Recorded, derived_id
from services.cases.agreement.events import AgreementConcluded
from services.cases.plan.events import PlanActivated, PlanClosed
from services.contacts.contact.decider import CONTACT
from services.contacts.contact.events import ContactRecorded
from services.contacts.handover.decider import HANDOVER
from services.contacts.household.decider import HOUSEHOLD
from services.contacts.person import commands as person_commands
from services.contacts.person.decider import PERSON
from services.contacts.person.state import Known
from services.contacts.reactions import (
    drop_contact,
    drop_duplicate,
    note_agreement,
    note_contact,
    note_duplicate,
    note_plan,
    note_plan_closed,
    take_over_person,
)
from tests.examples import contacts_contact as contact
from tests.examples import contacts_handover as handover
from tests.examples import contacts_household as household
from tests.examples import contacts_person as person
from tests.examples.contacts_people import DENDY, NODE, PRISTAV, SIMON, SLAVKOV, TWIN_RECORD, at

EVENT_ID = UUID("0198c0de-0000-7000-8000-0000000000e9")


def recorded(event: Event, actor: Actor = SIMON) -> Recorded[Any]:
    return Recorded(
        event=event,
        id=EVENT_ID,
        position=1,
        stream="anything",
        version=1,
        command_id=EVENT_ID,
        actor=actor,
        occurred_at=at(3, 10),
        recorded_at=at(3, 10),
    )


def concluded() -> AgreementConcluded:
    """The parts `contacts` reads; the rest is the business of `cases`."""
    return AgreementConcluded.model_construct(person_id=DENDY, agreement_id=person.AGREEMENT)


def test_an_agreement_makes_a_client():
    command = note_agreement(recorded(concluded()))
    assert (command.person_id, command.agreement_id, command.team) == (DENDY, person.AGREEMENT, SLAVKOV)
    assert command.actor == NODE and command.id == derived_id(EVENT_ID, "note agreement")
    assert command == note_agreement(recorded(concluded())), "a redelivery asks for the same again"


def test_plans_are_noted():
    activated = PlanActivated.model_construct(person_id=DENDY, plan_id=person.PLAN)
    closed = PlanClosed.model_construct(person_id=DENDY, plan_id=person.PLAN)
    assert note_plan(recorded(activated)).plan_id == person.PLAN
    assert note_plan_closed(recorded(closed)).plan_id == person.PLAN


def test_a_contact_is_noted_with_its_person_and_an_anonymous_one_with_nobody():
    noted = note_contact(recorded(contact.c2()))
    assert noted is not None and (noted.person_id, noted.contact_id) == (DENDY, contact.C2)
    assert note_contact(recorded(contact.c1())) is None
    later = note_contact(recorded(contact.linked()))
    assert later is not None and later.contact_id == contact.C1
    assert drop_contact(recorded(contact.unlinked())).contact_id == contact.C1


def test_the_kept_record_is_told_of_the_other_one():
    noted = note_duplicate(recorded(person.persons_linked()))
    assert (noted.person_id, noted.duplicate) == (DENDY, TWIN_RECORD)
    dropped = drop_duplicate(recorded(person.persons_unlinked()))
    assert dropped is not None and (dropped.person_id, dropped.duplicate) == (DENDY, TWIN_RECORD)
    gone = drop_duplicate(recorded(person.forgotten(person_id=TWIN_RECORD, same_as=DENDY)))
    assert gone is not None and (gone.person_id, gone.duplicate) == (DENDY, TWIN_RECORD)
    assert drop_duplicate(recorded(person.forgotten())) is None


def test_an_accepted_handover_moves_the_person():
    command = take_over_person(recorded(handover.accepted()))
    assert (command.from_team, command.to_team, command.handover_id) == ("LOKET", SLAVKOV, handover.HANDOVER_ID)


class Desk:
    """A service in memory: streams, and the reactions to own events."""

    def __init__(self) -> None:
        self.streams: dict[str, list[Event]] = {}

    def act(self, decider: Decider[Any, Any, Any], command: Command) -> tuple[Event, ...]:
        stream = self.streams.setdefault(decider.stream(command), [])
        events = decider.decide(command, self.state(decider, command))
        stream.extend(events)
        return events

    def state(self, decider: Decider[Any, Any, Any], message: Command) -> Any:
        return reduce(decider.evolve, self.streams.get(decider.stream(message), []), decider.initial)


def test_the_story_steps_2_to_8():
    """Two contacts by their class, one client, one family of four; links change no count (K06)."""
    desk = Desk()
    desk.act(PERSON, person.give_nickname())
    desk.act(CONTACT, contact.record_c1(person_id=DENDY))
    desk.act(CONTACT, contact.record_c2())
    desk.act(HANDOVER, handover.propose())
    [accepted] = desk.act(HANDOVER, handover.accept())
    desk.act(PERSON, take_over_person(recorded(accepted)))
    desk.act(CONTACT, contact.record_c3())
    desk.act(PERSON, note_agreement(recorded(concluded())))
    assert desk.act(CONTACT, contact.link()) == ()
    activated = PlanActivated.model_construct(person_id=DENDY, plan_id=person.PLAN)
    desk.act(PERSON, note_plan(recorded(activated)))
    [monitored] = desk.act(HOUSEHOLD, household.monitor())

    dealings = [event for events in desk.streams.values() for event in events if isinstance(event, ContactRecorded)]
    assert [one.counted_as for one in dealings].count(CountedAs.CONTACT) == 1
    assert [one.counted_as for one in dealings].count(CountedAs.INTERVENTION) == 2
    assert sum(one.approached for one in dealings) == 6
    dendy = desk.state(PERSON, person.give_nickname())
    assert isinstance(dendy, Known)
    assert (dendy.team, dendy.ladder.stage) == (SLAVKOV, LadderStage.CLIENT_WITH_PLAN)
    assert monitored == household.monitored()


def test_every_note_is_made_by_a_reaction():
    made = {note_agreement, note_plan, note_plan_closed, note_contact, drop_contact, note_duplicate, drop_duplicate}
    assert len(made) + 1 == len(person_commands.NodeCommand.__args__)
    assert NODE.organisation == PRISTAV
