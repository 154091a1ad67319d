"""F6: a full disk stops only what it must, says so in a sentence, and heals by itself when there is room again."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from libs.eventlog import CommandFailed, LogUnavailable, new_id
from libs.eventlog.postgres import TRY_AGAIN_S
from libs.privacy import Personal
from libs.servers import EmbeddedPostgres
from libs.service import running
from libs.testing.account.account import OpenAccount, PayAccount, build
from libs.testing.places import actor, settings_for
from libs.testing.until import until

THEN = datetime(2026, 2, 10, tzinfo=UTC)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """128 MB that nobody else fills. Mounting needs root."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", str(disk)], check=False)
    if mounted.returncode != 0:
        pytest.skip("a disk that is full at will needs the right to mount one: run as root")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


async def test_a_full_disk_refuses_in_a_sentence_and_heals_without_a_restart(
    small_disk: Path, tmp_path: Path, nats_server: Any
) -> None:
    tmp_path.chmod(0o711)
    with EmbeddedPostgres(small_disk / "pg", settings={"max_wal_size": "48MB"}) as postgres:
        settings = settings_for(tmp_path / "node", postgres.create_database("accounts"), nats_server.url)
        me = actor(settings, "teller")

        def opening() -> OpenAccount:
            return OpenAccount(actor=me, occurred_at=THEN, account_id=new_id(), owner=Personal("x" * 200))

        async with running(build(settings)) as alive:
            for _ in range(20):
                await alive.corridor.handle("account", opening())
            filler = small_disk / "filler"
            with filler.open("wb") as file:
                free = os.statvfs(small_disk)
                file.write(b"x" * max(0, free.f_bavail * free.f_frsize))
            refused, acknowledged = await _until_refused(alive, opening)
            assert refused.code in ("no_room", "unavailable")
            assert "Nothing was recorded" in refused.sentence or "never recorded twice" in refused.sentence
            await asyncio.sleep(TRY_AGAIN_S + 1)
            assert alive.log.trouble in ("no_room", "unavailable"), "it looked itself, and there is no room yet"
            filler.unlink()
            if not postgres.alive:
                await asyncio.to_thread(postgres.start)  # the supervisor's work in a node
            await until(lambda: not alive.log.trouble, 30)  # without a command
            healed = await _until_taken(alive, opening)
            stored = await alive.pool.fetchval("select count(*) from event")
            assert stored >= 20 + acknowledged + healed


async def test_a_log_whose_store_is_back_says_so_before_anybody_writes(tmp_path: Path, nats_server: Any) -> None:
    """A balancer that asks for health first would else send this node nobody, and nothing would ever be written."""
    tmp_path.chmod(0o711)
    with EmbeddedPostgres(tmp_path / "pg") as postgres:
        settings = settings_for(tmp_path / "node", postgres.create_database("accounts"), nats_server.url)
        me, account = actor(settings, "teller"), new_id()
        opening = OpenAccount(actor=me, occurred_at=THEN, account_id=account, owner=Personal("x"))
        async with running(build(settings)) as alive:
            await alive.corridor.handle("account", opening)  # and is remembered: no need to read it first
            await asyncio.to_thread(postgres.stop)
            with pytest.raises(LogUnavailable):
                await alive.corridor.handle(
                    "account", PayAccount(actor=me, occurred_at=THEN, account_id=account, amount=1)
                )
            assert alive.log.trouble == "unavailable"
            await asyncio.to_thread(postgres.start)
            await until(lambda: not alive.log.trouble, 30)  # without a command
            assert (await alive.state())["log_trouble"] == ""


async def test_a_store_that_dies_is_away_whatever_its_driver_calls_it(tmp_path: Path, nats_server: Any) -> None:
    """Between a server's last word and the end of its connection asyncpg speaks of an internal error."""
    tmp_path.chmod(0o711)
    with EmbeddedPostgres(tmp_path / "pg") as postgres:
        settings = settings_for(tmp_path / "node", postgres.create_database("accounts"), nats_server.url)
        async with running(build(settings)) as alive:

            async def read_until_it_is_gone() -> None:
                with pytest.raises(LogUnavailable):
                    while True:
                        await alive.log.head()

            readers = [asyncio.create_task(read_until_it_is_gone()) for _ in range(20)]
            await asyncio.sleep(0.2)  # at work
            await asyncio.to_thread(postgres.kill)
            await asyncio.wait_for(asyncio.gather(*readers), 20)


async def _until_refused(alive: Any, opening: Any) -> tuple[CommandFailed, int]:
    for taken in range(20_000):
        try:
            await alive.corridor.handle("account", opening())
        except CommandFailed as failed:
            return failed, taken
    pytest.fail("a full disk refused nothing")


async def _until_taken(alive: Any, opening: Any) -> int:
    for _ in range(60):
        try:
            await alive.corridor.handle("account", opening())
        except CommandFailed:
            await asyncio.sleep(0.5)
        else:
            return 1
    pytest.fail("there is room again, and still nothing is recorded")
