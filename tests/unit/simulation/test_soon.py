"""What makes a letter quick, played by hand: each shortcut is taken, and what it leaves out is made up for."""

import json
from uuid import UUID

import pytest

from libs.eventlog import new_id
from libs.messaging import RequestFailed
from libs.messaging.errors import nobody
from libs.messaging.subjects import disclose_subject
from services.courier import outgoing
from services.courier.office import FRESH_S
from tests.examples.cases_referral import amend, open_referral, send
from tests.simulation.node import Node
from tests.simulation.tasks import at_once
from tests.simulation.world import World


@pytest.fixture
def disclosures(town: Node, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often `cases` of the town was asked what may be told."""
    asked: list[str] = []
    request = town.wire.request

    async def counted(subject: str, data: bytes, **more: object) -> object:
        if subject == disclose_subject("cases"):
            asked.append(subject)
        return await request(subject, data, **more)

    monkeypatch.setattr(town.wire, "request", counted)
    return asked


def write(node: Node) -> None:
    for command in (open_referral(), send()):
        at_once(node.cases.corridor.handle("referral", command))


def post(node: Node) -> None:
    at_once(node.readers["post"].look())


def appends(node: Node) -> list[list[str]]:
    """Types of events in the courier's log, by command."""
    found: dict[object, list[str]] = {}
    for row in node.stores["courier"].log.rows:
        found.setdefault(row.command_id, []).append(row.type)
    return list(found.values())


def test_number_and_first_attempt_are_one_commit_and_one_disclosure(town: Node, disclosures: list[str]) -> None:
    write(town)
    post(town)
    at_once(town.sender.send_due())
    assert appends(town) == [["letter-posted", "letter-sent"]]
    assert len(disclosures) == 1
    assert len(town.link.hub.archive) == 1


def test_what_was_sealed_and_not_sent_at_once_is_told_anew(world: World, town: Node, disclosures: list[str]) -> None:
    """Its ground may be gone by then."""
    write(town)
    post(town)
    world.time.elapsed += FRESH_S
    at_once(town.sender.send_due())
    assert appends(town) == [["letter-posted", "letter-sent"], ["letter-sent"]]
    assert len(disclosures) == 2


def test_killed_before_the_hub_had_it_a_letter_goes_again(world: World, town: Node) -> None:
    write(town)
    post(town)
    world.kill(town)
    town.start()
    at_once(town.sender.send_due())
    assert [letter.attempts for letter in town.letters().outstanding.values()] == [2]
    assert len(town.link.hub.archive) == 1


def test_without_a_hub_a_letter_is_posted_and_nothing_is_asked(town: Node, disclosures: list[str]) -> None:
    town.link.cut(out=True, into=True)
    write(town)
    post(town)
    assert appends(town) == [["letter-posted"]]
    assert not disclosures


def test_an_owner_that_is_away_holds_up_no_number(town: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    write(town)

    async def away(*_: object) -> None:
        raise RequestFailed(nobody("cases"))

    with monkeypatch.context() as patch:
        patch.setattr(outgoing, "disclosed", away)
        post(town)
    assert appends(town) == [["letter-posted"]]
    at_once(town.sender.send_due())
    assert len(town.link.hub.archive) == 1


def test_a_letter_is_brought_before_its_arrival_is_noted(town: Node, nit: Node) -> None:
    write(town)
    post(town)
    at_once(town.sender.send_due())
    at_once(nit.receiver.take(nit.link.letter()))
    assert nit.stores["courier"].kept
    assert not nit.stores["courier"].log.rows
    at_once(nit.receiver.apply_at_hand())
    assert appends(nit) == [["letter-arrived"], ["letter-applied"]]
    assert not nit.stores["courier"].kept


def test_killed_with_a_letter_at_hand_the_table_still_has_it(world: World, town: Node, nit: Node) -> None:
    write(town)
    post(town)
    at_once(town.sender.send_due())
    at_once(nit.receiver.take(nit.link.letter()))
    world.kill(nit)
    nit.start()
    at_once(nit.receiver.apply_kept())
    assert appends(nit) == [["letter-arrived"], ["letter-applied"]]


def test_of_two_under_one_number_the_one_at_hand_stands(town: Node, nit: Node) -> None:
    """As after a restore of the sender: the number was given twice, and both letters lay at the hub."""
    write(town)
    post(town)
    at_once(town.sender.send_due())
    [partner] = at_once(town.desk.partners()).by_id.values()
    first = nit.link.letter()
    told = json.loads(first.data)
    other = told["data"] | {"event_id": str(new_id())}
    second = town.desk.seal(partner, told["type"], other, told["number"])
    at_once(town.link.send(partner.account, second.letter, str(second.jti)))
    at_once(nit.receiver.take(first))
    at_once(nit.receiver.take(nit.link.letter()))
    at_once(nit.receiver.apply_at_hand())
    assert appends(nit) == [["letter-arrived"], ["letter-conflicted"], ["letter-applied"]]
    [letter] = nit.letters().recent.values()
    assert letter.event_id == UUID(told["data"]["event_id"])


def test_a_greeting_does_not_ask_again_for_what_is_at_hand(town: Node, nit: Node) -> None:
    """It came with the greeting, after a night without the hub, and was asked for at once a second time."""
    write(town)
    at_once(town.cases.corridor.handle("referral", amend(urgency="soon")))
    post(town)
    at_once(town.sender.send_due())
    sent = town.letters().sent
    for _ in range(sent):
        at_once(nit.receiver.take(nit.link.letter()))
    [partner] = at_once(town.desk.partners()).by_id.values()
    at_once(town.desk.greet(partner))
    at_once(nit.receiver.take(nit.link.letter()))
    assert nit.letters().received == sent
    assert not town.link.hub.has(town.link.account)
