"""Two nodes, a hub and two devices under every fault we could think of, and programs with one mechanism missing.

`SPOJKA_SIMULATIONS=20000` tries other seeds, and so many of them; what then fails is kept in seeds.txt.
"""

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.simulation.checks import Failed
from tests.simulation.mutants import MUTANTS, Mutant
from tests.simulation.plan import FAULTS, MOST_STEPS, Plan, kept_seeds
from tests.simulation.world import World

NIGHTLY = os.environ.get("SPOJKA_SIMULATIONS")
SIMULATIONS = int(NIGHTLY or 50)
ENOUGH = 40
"""Seeds after which a mutant must have been found."""

plans = st.builds(
    Plan,
    seed=st.integers(0, 2**32),
    steps=st.integers(0, MOST_STEPS),
    faults=st.frozensets(st.sampled_from(FAULTS)),
)


@settings(
    max_examples=SIMULATIONS,
    derandomize=NIGHTLY is None,
    database=None,
    deadline=None,
    print_blob=False,
    suppress_health_check=(HealthCheck.too_slow,),
)
@pytest.mark.timeout(0 if NIGHTLY else 300)
@given(plan=plans)
def test_every_promise_is_kept(plan: Plan) -> None:
    note(f"python -m tests.simulation --seed {plan}")
    World(plan).run()


@pytest.mark.parametrize("plan", kept_seeds())
def test_what_once_failed_holds(plan: str) -> None:
    World(Plan.parse(plan)).run()


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)
def test_a_missing_mechanism_is_found(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        mutant.remove(patch)
        seed, failed = _first_failure(mutant)
    assert failed.check in mutant.found_by
    World(mutant.plan(seed)).run()


def _first_failure(mutant: Mutant) -> tuple[int, Failed]:
    for seed in range(ENOUGH):
        try:
            World(mutant.plan(seed)).run()
        except Failed as failed:
            return seed, failed
    raise AssertionError(f"not found by {ENOUGH} seeds")


def test_one_seed_is_one_story() -> None:
    first: list[str] = []
    second: list[str] = []
    World(Plan.of(7), first.append).run()
    World(Plan.of(7), second.append).run()
    assert len(first) > 100
    assert first == second


def test_the_story_gets_somewhere() -> None:
    """A world in which nothing happens keeps every promise."""
    seen: Counter[str] = Counter()
    for seed in range(12):
        world = World(Plan.of(seed))
        world.run()
        for node in world.nodes:
            seen.update(row.type for store in node.stores.values() for row in store.log.rows)
            seen["acknowledged"] += len(world.devices[node.own].acknowledged)
    assert seen["acknowledged"] > 100
    for wanted in ("accepted", "identity-disclosed", "withdrawn", "cancelled", "amended", "put-waiting"):
        assert seen[f"referral-{wanted}"] >= 1, wanted
    for wanted in ("letter-quarantined", "hello-observed", "letter-receipted"):
        assert seen[wanted] >= 10, wanted


def test_a_plan_is_read_as_it_is_written() -> None:
    for plan in (Plan.of(3), Plan(3, 40, frozenset({"crash", "wipe"})), Plan(3, 40, frozenset())):
        assert Plan.parse(str(plan)) == plan
