"""Who may ask what of `contacts`: every published message has a rule, and nobody gets in without one."""

import pytest

from libs.codelists import Role
from libs.eventlog import Actor, Command
from libs.messaging import Query
from services.contacts.contact.views import Contacts
from services.contacts.person.views import PersonDetail, Persons
from services.contacts.policy import may
from services.contacts.published import PUBLISHED
from tests.examples import contacts_contact, contacts_handover, contacts_household
from tests.examples import contacts_person as of
from tests.examples.contacts_people import DENDY, DPO, EVA, LOKET, NODE, OLGA, PRISTAV, RADKA, SIMON, VIT

WORK: list[Command] = [
    contacts_contact.record_c1(),
    contacts_contact.correct(),
    contacts_contact.resolve(),
    contacts_contact.void(),
    contacts_contact.link(),
    contacts_contact.unlink(),
    of.give_nickname(),
    of.describe(),
    of.express_interest(),
    of.lose_interest(),
    of.give_identity(),
    of.withdraw_identity(),
    contacts_handover.propose(),
    contacts_handover.accept(),
    contacts_handover.withdraw(),
    contacts_household.monitor(),
    contacts_household.add_member(),
    contacts_household.remove_member(),
]
CLOSING: list[Command] = [of.close_case()]
LEADING: list[Command] = [of.reopen_case(), of.link_persons(), of.unlink_persons(), contacts_handover.decline()]
FORGETTING: list[Command] = [of.hold(), of.lift_hold(), of.forget()]
NOTING: list[Command] = [
    of.note_agreement(),
    of.note_plan(),
    of.note_plan_closed(),
    of.note_contact(),
    of.drop_contact(),
    of.note_duplicate(),
    of.drop_duplicate(),
    of.take_over(),
]
ALLOWED = (
    (WORK, {Role.OUTREACH_WORKER, Role.KEY_WORKER, Role.TEAM_LEADER, Role.MUNICIPAL_WORKER}),
    (CLOSING, {Role.KEY_WORKER, Role.TEAM_LEADER, Role.MUNICIPAL_WORKER}),
    (LEADING, {Role.TEAM_LEADER}),
    (FORGETTING, {Role.DPO}),
    (NOTING, {Role.NODE}),
)


def test_every_command_of_the_service_is_tried_here():
    published = {cls for classes in PUBLISHED.commands.values() for cls in classes}
    assert {type(command) for commands, _ in ALLOWED for command in commands} == published


@pytest.mark.parametrize("actor", [RADKA, SIMON, OLGA, EVA, VIT, DPO, NODE], ids=lambda a: next(iter(a.roles)))
def test_commands_are_for_their_roles_only(actor: Actor):
    for commands, roles in ALLOWED:
        for command in commands:
            assert may(actor, command).allow is bool(actor.roles & roles), type(command).__name__


def test_workers_read_their_own_team_only():
    assert may(RADKA, Contacts(actor=RADKA, team=LOKET)).allow
    assert not may(SIMON, Contacts(actor=SIMON, team=LOKET)).allow
    assert not may(RADKA, Contacts(actor=RADKA)).allow
    assert may(EVA, Persons(actor=EVA, team="")).allow
    assert not may(EVA, Persons(actor=EVA)).allow


def test_team_leaders_read_every_team():
    assert may(OLGA, Contacts(actor=OLGA)).allow
    assert may(OLGA, Contacts(actor=OLGA, team=LOKET)).allow


@pytest.mark.parametrize("actor", [VIT, DPO, NODE], ids=lambda a: next(iter(a.roles)))
def test_nobody_else_reads_about_people(actor: Actor):
    assert not may(actor, PersonDetail(actor=actor, person_id=DENDY)).allow
    assert not may(actor, PersonDetail(actor=actor, person_id=DENDY, team="")).allow


def test_every_published_question_has_a_rule():
    class Unheard(Query):
        pass

    nobody = Actor(user=PRISTAV, organisation=PRISTAV)
    assert may(nobody, Unheard(actor=nobody)).rule == "unknown_message"
    for question, _ in PUBLISHED.queries.values():
        asked = question.model_construct(actor=nobody, team=None)
        assert may(nobody, asked).rule == "worker_reads_own_team"
        assert not may(nobody, asked).allow
