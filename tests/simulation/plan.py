"""What one run is: a seed, a number of steps, and which faults may come."""

import random
from dataclasses import dataclass, replace
from pathlib import Path

FAULTS = ("again", "away", "clock", "crash", "cut", "lost", "old_program", "poison", "shuffle", "wipe")
"""again        deliveries, commands and slices of a stream come twice
away         a device has no connection
clock        a node's clock is wrong by a day
crash        a node dies at any point and starts again later
cut          the line to the hub is cut, in one direction or both
lost         requests inside a node, or their answers, get lost; so do answers to a device
old_program  a node's program knows less than its partner's, until it is upgraded
poison       something that is no letter to us, or somebody else's, or a genuine one once more
shuffle      letters leave the hub in any order
wipe         the hub's store is gone"""
FEWEST_STEPS, MOST_STEPS = 200, 2_000
SEEDS = Path(__file__).with_name("seeds.txt")


@dataclass(frozen=True, slots=True)
class Plan:
    """Written `17`, or `17/400/crash+wipe` where not everything follows from the seed."""

    seed: int
    steps: int
    faults: frozenset[str]

    @classmethod
    def of(cls, seed: int) -> "Plan":
        """All that a seed says."""
        dice = random.Random(seed)
        faults = frozenset(FAULTS) if dice.random() < 0.3 else frozenset(f for f in FAULTS if dice.random() < 0.5)
        return cls(seed, dice.randint(FEWEST_STEPS, MOST_STEPS), faults)

    @classmethod
    def parse(cls, text: str) -> "Plan":
        seed, *rest = text.split("/")
        plan = cls.of(int(seed))
        if rest:
            steps, faults = rest
            plan = replace(plan, steps=int(steps), faults=frozenset(filter(None, faults.split("+"))))
        return plan

    def __str__(self) -> str:
        short = str(self.seed)
        return short if Plan.of(self.seed) == self else f"{short}/{self.steps}/{'+'.join(sorted(self.faults))}"


def kept_seeds() -> dict[str, str]:
    """Plan → why it is kept."""
    lines = [line.split(maxsplit=1) for line in SEEDS.read_text(encoding="utf-8").splitlines()]
    return {plan: why for plan, why in (line for line in lines if line and line[0] != "#")}
