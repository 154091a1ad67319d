"""Every fault on real servers: it happens, it heals, and C1 to C6 hold; and with one mechanism removed, they do not."""

import asyncio
import gc
import time
from collections.abc import Callable
from typing import Any

import pytest

from libs.servers import ServerFailed
from libs.testing.api import ApiRefused
from tests.faults.checks import CHECKS, prove
from tests.faults.conftest import Grounds
from tests.faults.desks import AWAY_ERRORS, Desks
from tests.faults.matrix import FAULTS, Fault
from tests.faults.mutants import MUTANTS

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.faults,
    # A mutant gets stuck in the middle of its work, with connections open that nobody will use again.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
MUTANT_PATIENCE_S = 30.0
"""Longer than healing takes with every mechanism in its place, or the mutants would be caught by impatience."""
WORK = "the work"
"""It did not get on: somebody waited in vain, or was refused what is theirs."""
Record = Callable[[str, dict[str, Any]], None]


def _able(name: str, fault: Fault, record: Record) -> None:
    if why := fault.needs():
        record(name, {"holds": False, "checks": {}, "why": f"not proved: {why}", "seconds": 0})
        pytest.skip(f"not proved: {why}")


async def _play(fault: Fault, desks: Desks) -> dict[str, str]:
    await desks.keep_draft()
    await fault.scenario(desks)
    return await prove(desks)


async def _play_broken(fault: Fault, desks: Desks) -> dict[str, str]:
    """Who waits in vain for what was lost has noticed it; then what is sooner told than waited for."""
    order = sorted(CHECKS, key=lambda check: (check not in fault.caught_by, check))
    try:
        await desks.keep_draft()
        await fault.scenario(desks)
    except (AssertionError, ApiRefused, ServerFailed) as stuck:
        return {WORK: str(stuck)} | await _looked_at(desks, ("C1", "C2"))
    return await prove(desks, order, until_one_fails=True)


async def _looked_at(desks: Desks, checks: tuple[str, ...]) -> dict[str, str]:
    """As soon as its servers answer again; nothing, if they never do."""
    for _ in range(20):
        try:
            return await prove(desks, checks, until_one_fails=True)
        except AWAY_ERRORS:
            await asyncio.sleep(1)
    return {}


@pytest.mark.parametrize("name", FAULTS)
def test_the_promises_hold_after(name: str, grounds: Grounds, record: Record, request: pytest.FixtureRequest) -> None:
    fault, full = FAULTS[name], bool(request.config.getoption("--faults-full"))
    _able(name, fault, record)
    started = time.monotonic()
    found, why = dict.fromkeys(CHECKS, "not looked at"), ""
    desks = Desks(grounds.shared(), full=full)
    try:
        found = asyncio.run(_play(fault, desks))
    except AssertionError as failed:
        why = str(failed).splitlines()[0]
    holds = not why and not any(found.values())
    record(name, {
        "title": fault.title,
        "holds": holds,
        "checks": {check: not wrong for check, wrong in found.items()},
        "seconds": round(time.monotonic() - started),
        "remarks": desks.remarks,
        "why": why or next((wrong for wrong in found.values() if wrong), ""),
    })  # fmt: skip
    if not holds:
        grounds.leave()
    assert holds, (why, found)


@pytest.mark.parametrize("name", FAULTS)
def test_they_do_not_without_the_mechanism(name: str, grounds: Grounds, record: Record) -> None:
    """The mutant is caught by one of the checks it must break, and by no accident."""
    fault = FAULTS[name]
    _able(name, fault, record)
    with grounds.mutated(fault.mutant) as ground:
        desks = Desks(ground, patience_s=MUTANT_PATIENCE_S)
        found = asyncio.run(_play_broken(fault, desks))
        gc.collect()  # what it left open is complained of here, where the complaint is ignored
    caught = {check for check, wrong in found.items() if wrong}
    noticed = bool(caught & fault.caught_by) or (WORK in caught and "C4" in fault.caught_by)
    removed = MUTANTS[fault.mutant].removed
    record(name, {"mutant": {"removed": removed, "caught": noticed, "caught_by": sorted(caught)}})
    assert noticed, found
