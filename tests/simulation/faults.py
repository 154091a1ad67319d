"""What may go wrong, one thing at a time, and how it is made whole again."""

from datetime import timedelta
from typing import TYPE_CHECKING

from libs.messaging import RequestFailed
from libs.projection.follower import CheckpointMoved
from tests.simulation.hub import Mail
from tests.simulation.node import Node

if TYPE_CHECKING:
    from tests.simulation.world import World

NEWER = ("referral-sent", "referral-amended", "referral-withdrawn", "referral-received", "referral-accepted")
"""Letters that an older program may not know."""


class Faults:
    """strike: something breaks, or something broken is mended. heal: all of it."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._kinds = sorted(world.plan.faults)
        self._over = False

    def may(self, kind: str) -> bool:
        return not self._over and kind in self._world.plan.faults

    def forgives(self, node: Node, error: Exception) -> bool:
        """Whether a loop may fail like this while requests get lost; the real one writes a line and goes on."""
        return node.wire.troubled and isinstance(error, RequestFailed | CheckpointMoved)

    def strike(self) -> None:
        dice = self._world.dice
        broken = [node for node in self._world.nodes if self._is_broken(node)]
        if broken and dice.random() < 0.4:
            self._mend(dice.choice(broken))
        elif self._kinds:
            self._break(dice.choice(self._kinds), dice.choice(self._world.nodes))

    def heal(self) -> None:
        """Nothing breaks any more, and everything works."""
        self._over = True
        self._world.hub.shuffled = False
        for node in self._world.nodes:
            node.wire.troubled = False
            self._world.devices[node.own].away = False
            node.clock.wrong_by = timedelta(0)
            self._mend(node)
            node.link.mend()

    def repeat_stream(self, node: Node) -> None:
        """Somebody who follows a log hears a part of it, new or old."""
        if not node.up:
            return
        name = self._world.dice.choice(sorted(node.readers))
        busy = {task.name for task in self._world.tasks[node]}
        if name not in busy and (work := node.hear_again(name, self._world.dice)) is not None:
            self._world.begin(node, name, work)
            self._world.say(f"{node.code} hears a slice of the stream again for {name}")

    def _break(self, kind: str, node: Node) -> None:
        world, dice = self._world, self._world.dice
        match kind:
            case "again":
                if world.hub.repeat():
                    world.say("the hub has a letter twice")
            case "away":
                device = world.devices[node.own]
                device.away = not device.away
                world.say(f"the device at {node.code} is {'away' if device.away else 'back'}")
            case "clock":
                days = dice.choice((-1, 0, 1))
                node.clock.wrong_by = timedelta(days=days)
                world.say(f"the clock at {node.code} is {days} days wrong")
            case "crash":
                self._crash(node)
            case "cut":
                out, into = dice.choice(((True, False), (False, True), (True, True)))
                node.link.cut(out, into)
                world.say(f"the line of {node.code} is cut: {'out ' * out}{'into' * into}")
            case "lost":
                node.wire.troubled = not node.wire.troubled
                world.say(f"requests at {node.code} {'get lost' if node.wire.troubled else 'arrive again'}")
            case "old_program":
                node.wire.too_new = frozenset(dice.sample(NEWER, 3))
                world.say(f"{node.code} does not know {' and '.join(sorted(node.wire.too_new))}")
            case "poison":
                self._poison(node)
            case "shuffle":
                world.hub.shuffled = not world.hub.shuffled
                world.say(f"the hub delivers {'in any order' if world.hub.shuffled else 'in order'}")
            case "wipe":
                world.hub.wipe()
                for one in world.nodes:
                    one.link.greeted = None  # its server restarted: everybody connects anew
                world.say("the hub is wiped")
            case _:
                raise ValueError(kind)

    def _crash(self, node: Node) -> None:
        if node.up:
            self._world.kill(node)
            self._world.say(f"{node.code} dies")

    def _is_broken(self, node: Node) -> bool:
        return not node.up or not (node.link.out and node.link.into) or bool(node.wire.too_new)

    def _mend(self, node: Node) -> None:
        world = self._world
        if not (node.link.out and node.link.into):
            node.link.mend()
            world.say(f"the line of {node.code} is mended")
        if node.wire.too_new:
            node.wire.too_new = frozenset()
            world.kill(node)
            world.say(f"{node.code} gets the new program")
        if not node.up:
            node.start()
            world.say(f"{node.code} starts")

    def _poison(self, node: Node) -> None:
        world, dice = self._world, self._world.dice
        hub, account, partner = world.hub, node.link.account, world.other(node).link.account
        if hub.archive and dice.random() < 0.7:
            _, _, data = dice.choice(hub.archive)
        else:
            data = dice.choice((b"", b"{}", b"[" * 5_000, b"not a letter"))
        sender = partner if dice.random() < 0.7 else "A000000"
        hub.boxes.setdefault(account, []).append(Mail(sender, data))
        world.say(f"something comes to {node.code} that may be no letter")
