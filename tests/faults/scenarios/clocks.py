"""F9: a node's clock is wrong: a day ahead, a day behind, five minutes off, and it jumps back."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from deploy.demo.people import MESTO
from tests.faults.desks import Desks

LIBRARIES = tuple(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
NOT_HERE = "needs libfaketime: apt-get install faketime"


async def the_clock_is_wrong(desks: Desks) -> None:
    """The town's: its programs and its PostgreSQL (nats-server takes no other clock than the kernel's)."""
    town = desks.network.nodes[MESTO.code]
    offset = desks.ground.folder / "offset"
    sent = [await desks.refer()]
    jumps = ("+23h", "-24h", "+5m", "-5m", "+0") if desks.full else ("+23h", "-24h", "+0")
    offset.write_text(jumps[0])
    offset.chmod(0o644)
    with _another_clock(offset):
        for server in (town.program, town.postgres):
            await desks.hold(server)
        for server in (town.postgres, town.program):
            await desks.release(server)
    for jump in jumps:  # each but the first is a jump of a running clock, most of them back
        offset.write_text(jump)
        known = await desks.refer()
        await desks.carry_out(known)
        sent.append(await desks.refer())
        for one in sent:
            if desks.stands[one] == "sent":
                await desks.carry_out(one)
    for server in (town.program, town.postgres):
        await desks.hold(server)
    for server in (town.postgres, town.program):
        await desks.release(server)
    await desks.carry_out(await desks.refer())


@contextmanager
def _another_clock(offset: Path) -> Generator[None]:
    """Children started within take their time from the file, looking at it for every call."""
    told = {
        "LD_PRELOAD": str(LIBRARIES[0]),
        "FAKETIME_TIMESTAMP_FILE": str(offset),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    os.environ.update(told)
    try:
        yield
    finally:
        for name in told:
            del os.environ[name]


def no_other_clock() -> str | None:
    return None if LIBRARIES else NOT_HERE
