"""`python -m tests.simulation --seed 7` tells one run; `--runs 1000` tries many and says how fast."""

import argparse
import sys
import time
from collections import Counter

from tests.simulation.checks import Failed
from tests.simulation.plan import Plan
from tests.simulation.world import World


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.simulation", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--seed", metavar="PLAN", help="tell one run: 7, or 7/400/crash+wipe")
    what.add_argument("--runs", type=int, metavar="N", help="try N seeds")
    parser.add_argument("--first", type=int, default=0, help="the first of these seeds")
    chosen = parser.parse_args()
    return tell(chosen.seed) if chosen.seed else run_many(chosen.first, chosen.runs)


def tell(plan: str) -> int:
    world = World(Plan.parse(plan), say)
    say(f"steps {world.plan.steps}, faults: {' '.join(sorted(world.plan.faults)) or 'none'}")
    try:
        world.run()
    except Failed as failed:
        say(f"FAILED  {failed}")
        return 1
    say("kept every promise")
    return 0


def run_many(first: int, runs: int) -> int:
    began, steps = time.perf_counter(), 0
    failed: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for seed in range(first, first + runs):
        world = World(Plan.of(seed))
        try:
            world.run()
        except Failed as error:
            failed[error.check] += 1
            say(f"seed {seed}: {error}")
        steps += world.steps
        seen.update(world.plan.faults)
        for node in world.nodes:
            for store in node.stores.values():
                seen.update(row.type for row in store.log.rows)
            seen["command acknowledged"] += len(world.devices[node.own].acknowledged)
            seen["command refused"] += world.devices[node.own].refused
    took = time.perf_counter() - began
    for what, times in sorted(seen.items()):
        say(f"{times:8} {what}")
    say(f"{runs} runs, {steps:,} steps in {took:.1f} s: {steps / took:,.0f} steps/s; failed: {dict(failed) or 'none'}")
    return 1 if failed else 0


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
