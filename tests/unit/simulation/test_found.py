"""What the simulator has found, played by hand: each of these once failed."""

from libs.eventlog import Command
from tests.examples.cases_referral import amend, open_referral, send, withdraw
from tests.simulation.checks import both_ends_agree, no_alarm
from tests.simulation.node import Node
from tests.simulation.rest import settle
from tests.simulation.store import AT_A_TIME
from tests.simulation.story import Referral
from tests.simulation.tasks import at_once
from tests.simulation.world import World

A_DAY_S = 86_400.0


def ask(node: Node, *commands: Command) -> None:
    for command in commands:
        at_once(node.cases.corridor.handle("referral", command))


def upgrade(world: World, node: Node) -> None:
    world.kill(node)
    node.wire.too_new = frozenset()
    node.start()


def test_who_takes_a_referral_back_has_not_used_a_number_twice(world: World, town: Node, nit: Node) -> None:
    """An operator was alarmed about a partner whose referral had arrived, and whose receipt had not.

    It was taken back meanwhile, so the letter that went again said less than the first one: another digest under
    the same number. What counts now is which event a letter tells of.
    """
    nit.link.cut(out=True, into=False)
    ask(town, open_referral(), send())
    world.work()
    ask(town, withdraw())
    world.time.elapsed += A_DAY_S
    world.work()
    nit.link.mend()
    assert settle(world) is None
    no_alarm(nit)
    both_ends_agree(town, nit, _example())


def test_a_stored_letter_is_known_as_applied_though_its_last_receipt_was_lost(
    world: World, town: Node, nit: Node
) -> None:
    """A letter was "stored" for ever in the sender's list, and long done at its recipient.

    The receipt that followed the upgrade was lost, and what is stored never went again. Now it does, once a day.
    """
    nit.wire.too_new = frozenset({"referral-sent"})
    ask(town, open_referral(), send())
    world.work()
    assert town.letters().outstanding[1].stored
    nit.link.cut(out=True, into=False)
    upgrade(world, nit)
    world.work()
    nit.link.mend()
    assert settle(world) is None


def test_a_stored_letter_is_applied_though_its_service_starts_last(world: World, town: Node, nit: Node) -> None:
    """After an upgrade a stored letter lay until the next start: the courier had looked before `cases` listened."""
    nit.wire.too_new = frozenset({"referral-sent"})
    ask(town, open_referral(), send())
    world.work()
    upgrade(world, nit)
    nit.wire.away = frozenset({"cases"})
    at_once(nit.receiver.apply_kept())
    nit.wire.away = frozenset()
    at_once(nit.receiver.apply_kept())
    assert not nit.stores["courier"].kept


def test_all_stored_letters_are_applied_though_a_round_takes_but_some(world: World, town: Node, nit: Node) -> None:
    """The first round after a start took twenty letters of each partner; the twenty-first waited for the next start."""
    nit.wire.too_new = frozenset({"referral-sent", "referral-amended"})
    wishes = [amend(urgency=urgency) for urgency in ("soon", "acute", "routine", "soon")]
    ask(town, open_referral(), send(), *wishes)
    world.work()
    assert len(nit.stores["courier"].kept) > AT_A_TIME
    upgrade(world, nit)
    world.work()
    assert not nit.stores["courier"].kept


def _example() -> Referral:
    referral = Referral("example", *(open_referral().actor.organisation, open_referral().recipient))
    referral.id = open_referral().referral_id
    return referral
