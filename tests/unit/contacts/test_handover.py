"""Rules of a handover between two teams of one organisation (domain.md §4.3)."""

import pytest

from libs.eventlog import Actor, Command, Event
from libs.testing import spec
from services.contacts.handover.decider import HANDOVER
from tests.examples.contacts_handover import (
    accept,
    accepted,
    decline,
    declined,
    propose,
    proposed,
    withdraw,
    withdrawn,
)
from tests.examples.contacts_people import EVA, LOKET, OLGA, RADKA, SIMON, SLAVKOV

handover = spec(HANDOVER)


def test_a_proposal_goes_from_the_own_team_to_another():
    handover.given().when(propose()).then(proposed())
    handover.given(proposed()).when(propose()).then_nothing_happened()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (propose(client_agrees=False), "client_disagrees"),
        (propose(to_team=LOKET), "same_team"),
        (propose(actor=EVA), "no_team"),
    ],
)
def test_a_proposal_needs_the_client_and_two_teams(command: Command, code: str):
    handover.given().when(command).then_rejected(code)


def test_the_receiving_team_accepts():
    handover.given(proposed()).when(accept()).then(accepted())
    handover.given(proposed()).when(accept(actor=OLGA)).then(accepted(worker=OLGA.user))


def test_the_receiving_team_declines_with_a_reason():
    handover.given(proposed()).when(decline()).then(declined())


def test_the_giving_team_withdraws():
    handover.given(proposed()).when(withdraw()).then(withdrawn())


@pytest.mark.parametrize(
    "command", [accept(actor=RADKA), decline(actor=RADKA), withdraw(actor=SIMON)], ids=["accept", "decline", "withdraw"]
)
def test_the_other_team_decides_nothing(command: Command):
    handover.given(proposed()).when(command).then_rejected("not_party")


def test_a_leader_of_the_giving_team_accepts_nothing_for_the_other():
    leader = Actor(user=OLGA.user, organisation=OLGA.organisation, roles=OLGA.roles, team=LOKET)
    handover.given(proposed()).when(accept(actor=leader)).then_rejected("not_party")
    other = Actor(user=OLGA.user, organisation=OLGA.organisation, roles=OLGA.roles, team=SLAVKOV)
    handover.given(proposed()).when(decline(actor=other)).then(declined())


@pytest.mark.parametrize("command", [accept(), decline(), withdraw()], ids=["accept", "decline", "withdraw"])
def test_what_was_never_proposed_is_not_answered(command: Command):
    handover.given().when(command).then_rejected("unknown_handover")


@pytest.mark.parametrize(
    ("end", "same", "others"),
    [
        (accepted(), accept(), (decline(), withdraw())),
        (declined(), decline(), (accept(), withdraw())),
        (withdrawn(), withdraw(), (accept(), decline())),
    ],
    ids=["accepted", "declined", "withdrawn"],
)
def test_an_answer_is_final(end: Event, same: Command, others: tuple[Command, ...]):
    handover.given(proposed(), end).when(same).then_nothing_happened()
    for command in others:
        handover.given(proposed(), end).when(command).then_rejected("already_terminal")
