"""The scheduler: one pair of dice decides who goes on, what breaks, and when it is whole again."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from libs.eventlog import CommandFailed, LogUnavailable, VersionConflict
from libs.eventlog.log import Appended
from libs.eventlog.stored import Stored
from tests.simulation.checks import Failed, check_safety, check_the_end
from tests.simulation.desk import Clock, Time
from tests.simulation.device import Device, Wish
from tests.simulation.faults import Faults
from tests.simulation.hub import Hub, LostForEver
from tests.simulation.node import Node
from tests.simulation.plan import Plan
from tests.simulation.rest import quietly, settle
from tests.simulation.story import NIT, TOWN, referrals
from tests.simulation.tasks import Task, no_loop, turn

START = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)
TICK_S = 0.05
"""How long one step takes."""
MOST_WORK = 10_000
"""Steps until nothing is left to do right now."""

Tell = Callable[[str], None]


class World:
    """TOWN, NIT, the hub and a device at each."""

    def __init__(self, plan: Plan, tell: Tell | None = None) -> None:
        self.plan, self.tell = plan, tell
        self.dice = random.Random(f"steps {plan.seed}")
        self.time = Time()
        self.hub = Hub(self.dice, lambda: self.time.elapsed)
        self.nodes = [
            Node(code, own, other, self.hub, Clock(START, self.time), self.dice, self._recorder(code))
            for code, own, other in (("TOWN", TOWN, NIT), ("NIT", NIT, TOWN))
        ]
        self.devices = {node.own: Device(node.own, self.dice) for node in self.nodes}
        self.referrals = referrals()
        self.tasks: dict[Node, list[Task]] = {node: [] for node in self.nodes}
        self.faults = Faults(self)
        self.steps = 0

    def run(self) -> None:
        """Raises Failed for a promise that was not kept."""
        with no_loop(), quietly():
            try:
                while self.steps < self.plan.steps:
                    self._step(chaos=True)
                self.say("everything is mended")
                self.faults.heal()
                restless = settle(self)
                check_safety(self)
                if restless is not None:
                    raise Failed("quiet", restless)
                check_the_end(self)
            finally:
                for node in self.nodes:
                    self.kill(node)

    def other(self, node: Node) -> Node:
        return self.nodes[1 - self.nodes.index(node)]

    def kill(self, node: Node) -> None:
        node.up = False
        for task in self.tasks[node]:
            task.kill()
        self.tasks[node].clear()

    def say(self, text: str) -> None:
        if self.tell is not None:
            self.tell(f"{self.steps:6} {self.time.elapsed:10.1f} s  {text}")

    # ---- one step

    def _step(self, chaos: bool) -> bool:
        """One decision of the dice. False: there is nothing left to do right now."""
        self.steps += 1
        self.time.elapsed += TICK_S
        ready = [(node, task) for node in self.nodes for task in self.tasks[node] if task.ready]
        lot = self.dice.random()
        if ready and lot < 0.8:
            self._advance(*self.dice.choice(ready))
            return True
        if chaos and lot > 0.985:
            self.faults.strike()
            return True
        if chaos and lot > 0.955:
            self._write()
            return True
        if chaos and lot > 0.945:
            self.time.elapsed += self.dice.choice((5.0, 30.0, 120.0, 700.0, 7_200.0))
            return True
        if chaos and lot > 0.93 and self.faults.may("again"):
            self.faults.repeat_stream(self.dice.choice(self.nodes))
            return True
        if (idle := self._idle()) and (not ready or lot > 0.5):
            node, name = self.dice.choice(idle)
            self._begin(node, name)
            return True
        if ready:
            self._advance(*self.dice.choice(ready))
            return True
        if chaos:
            self._write()
        return False

    def _advance(self, node: Node, task: Task) -> None:
        task.advance()
        if task.done and task in self.tasks[node]:
            self.tasks[node].remove(task)

    def _idle(self) -> list[tuple[Node, str]]:
        found: list[tuple[Node, str]] = []
        for node in self.nodes:
            if node.up:
                busy = {task.name for task in self.tasks[node]}
                found += [(node, name) for name in node.idle_work(busy)]
                wish = self.devices[node.own].next()
                if wish is not None and (not wish.under_way or (self.faults.may("again") and wish.under_way < 2)):
                    found.append((node, "command"))
        return found

    def _begin(self, node: Node, name: str) -> None:
        if name == "command":
            self._send_command(node)
            return
        self.say(f"{node.code} begins to {name}")
        self.tasks[node].append(Task(name, node.work(name), lambda _, error: self._ended(node, name, error)))

    def begin(self, node: Node, name: str, work: Any) -> None:
        """Work that a fault wants."""
        self.tasks[node].append(Task(name, work, lambda _, error: self._ended(node, name, error)))

    def _ended(self, node: Node, name: str, error: Exception | None) -> None:
        """The real loops write a line and go on; what they never raise without trouble must not be raised here."""
        if isinstance(error, LostForEver):
            raise Failed("kept", f"{node.code} told the hub to forget a letter it has not") from error
        if error is not None:
            self.say(f"{node.code} could not {name}: {type(error).__name__}")
            if not self.faults.forgives(node, error):
                raise Failed("C7", f"{node.code} could not {name}: {type(error).__name__}: {error}") from error

    # ---- devices

    def _write(self) -> None:
        node = self.dice.choice(self.nodes)
        mine = [one for one in self.referrals if one.sender == node.own or (one.recipient == node.own and one.sent)]
        if mine and len(self.devices[node.own].queue) < 6:
            wish = self.devices[node.own].write(self.dice.choice(mine), node.clock.now())
            self.say(f"a worker at {node.code} writes {wish.name}")

    def _send_command(self, node: Node) -> None:
        device = self.devices[node.own]
        wish = device.next()
        assert wish is not None
        wish.under_way += 1

        def back() -> None:
            wish.under_way -= 1

        def ended(answer: Any, error: Exception | None) -> None:
            back()
            self._answered(node, wish, asked, answer, error)

        self.say(f"a device sends {wish.name} to {node.code}")
        kind, content = wish.written
        asked = wish.command.id
        self.tasks[node].append(Task("command", self._handle(node, kind, content), ended, back))

    @staticmethod
    async def _handle(node: Node, kind: Any, content: bytes) -> Appended:
        await turn()
        answer = await node.cases.corridor.handle("referral", kind.model_validate_json(content))
        await turn()
        return answer

    def _answered(self, node: Node, wish: Wish, asked: UUID, answer: Any, error: Exception | None) -> None:
        device = self.devices[node.own]
        if device.away or (self.faults.may("lost") and self.dice.random() < 0.3):
            self.say(f"the answer of {node.code} to {wish.name} is lost")
            return
        if isinstance(error, VersionConflict | LogUnavailable):
            return  # it comes again
        if error is not None and not isinstance(error, CommandFailed):
            raise error
        word = "done" if error is None else f"refused ({error.code})"
        self.say(f"{node.code} answers {wish.name}: {word}")
        device.answered(wish, asked, answer)

    def work(self) -> bool:
        """As long as there is something to do right now. False: there always is."""
        first = self.steps
        while self._step(chaos=False):
            if self.steps - first > MOST_WORK:
                return False
        return True

    @property
    def has_arrived(self) -> bool:
        """Whether every number is everywhere. Receipts may still be missing."""
        letters = [node.letters() for node in self.nodes]
        return all(
            mine.sent == theirs.through and not theirs.missing() and not any(self.devices[node.own].queue)
            for node, mine, theirs in zip(self.nodes, letters, reversed(letters), strict=True)
        )

    @property
    def is_receipted(self) -> bool:
        """Whether nobody waits for a receipt but of what a partner has stored for a newer program."""
        return all(letter.stored for node in self.nodes for letter in node.letters().outstanding.values())

    @property
    def is_quiet(self) -> bool:
        return (
            self.has_arrived
            and self.hub.empty
            and not any(self.tasks.values())
            and all(node.is_quiet for node in self.nodes)
        )

    def _recorder(self, code: str) -> Callable[[str, Stored], None]:
        def said(service: str, row: Stored) -> None:
            if self.tell is not None:
                self.say(f"    {code}/{service} {row.position}: {row.type} in …{row.stream[-4:]}")

        return said
