"""F9: a node's clock is wrong: a day ahead, a day behind, five minutes off, and it jumps back."""

import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.demo.people import MESTO
from libs.servers import postgres
from libs.servers.cluster import programs_folder
from tests.faults.desks import Desks

LIBRARIES = tuple(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
JUMPS, FEW_JUMPS = ("+23h", "-24h", "+5m", "-5m", "+0"), ("+23h", "-24h", "+0")


async def the_clock_is_wrong(desks: Desks) -> None:
    """The town's, under its programs and its PostgreSQL (nats-server takes no other clock than the kernel's)."""
    town = desks.network.nodes[MESTO.code]
    servers = (town.postgres, town.program)
    folder = desks.ground.folder / "clock"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    offset = folder / "offset"
    jumps = JUMPS if desks.full else FEW_JUMPS
    _set(offset, jumps[0])
    sent = [await desks.refer()]
    for server in reversed(servers):
        await desks.hold(server)
    with _postgres_with(folder, _clock(offset)):
        await desks.release(town.postgres)
    with _environment(_clock(offset)):
        await desks.release(town.program)
    for jump in jumps:  # each but the first is a jump of a running clock, most of them back
        _set(offset, jump)
        sent.append(await desks.refer())
        for one in sent:
            if desks.stands[one] == "sent":
                await desks.carry_out(one)
        sent.append(await desks.refer())
    for server in reversed(servers):
        await desks.hold(server)
    for server in servers:
        await desks.release(server)
    await desks.carry_out(sent[-1])


def no_other_clock() -> str | None:
    return None if LIBRARIES else "needs libfaketime: apt-get install faketime"


def _set(offset: Path, clock: str) -> None:
    beside = offset.with_suffix(".new")
    beside.write_text(clock)
    beside.chmod(0o644)
    beside.replace(offset)


def _clock(offset: Path) -> dict[str, str]:
    """Time comes from the file, which is looked at for every call; what is measured by seconds stays true."""
    return {
        "LD_PRELOAD": str(LIBRARIES[0]),
        "FAKETIME_TIMESTAMP_FILE": str(offset),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


@contextmanager
def _environment(told: Mapping[str, str]) -> Generator[None]:
    os.environ.update(told)
    try:
        yield
    finally:
        for name in told:
            del os.environ[name]


@contextmanager
def _postgres_with(folder: Path, told: Mapping[str, str]) -> Generator[None]:
    """PostgreSQL becomes another user first, and only then may the library make its semaphore."""
    real = programs_folder()
    script = folder / "postgres"
    settings = " ".join(f"{name}='{value}'" for name, value in told.items())
    script.write_text(f'#!/bin/sh\nexec env {settings} "{real / "postgres"}" "$@"\n')
    script.chmod(0o755)
    for program in real.iterdir():
        if program.name != "postgres" and not (folder / program.name).exists():
            (folder / program.name).symlink_to(program)
    postgres.programs_folder = lambda: folder
    try:
        yield
    finally:
        postgres.programs_folder = programs_folder
