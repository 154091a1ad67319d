"""Two desks over a real hub: a town that refers, an advice centre that answers. For faults, not for the story."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import httpx

from deploy.commands.rebuild import projections
from deploy.commands.verify import verify_node
from deploy.demo.network import Network
from deploy.demo.people import EVA, JAKUB, MESTO, NIT, Person
from deploy.node import SERVICES, service
from libs.eventlog import Command, new_id
from libs.service import Settings
from libs.service.maintenance import differences, on_bench
from libs.testing.api import Api, ApiRefused
from services.cases.referral.commands import (
    AcceptReferral,
    CloseReferral,
    CompleteReferral,
    OpenReferral,
    SendReferral,
    StartReferral,
)

CANARY = "Žofie Kanárková"
PATIENCE_S = 60.0


async def until(condition: Callable[[], Awaitable[bool]], what: str, timeout_s: float = PATIENCE_S) -> None:
    """Poll until it holds. Raises AssertionError naming what was waited for."""
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            if await condition():
                return
        except (httpx.HTTPError, ApiRefused, OSError):
            pass  # a process is down; that is the point of these tests
        assert time.monotonic() < deadline, f"waited {timeout_s:.0f} s in vain for {what}"
        await asyncio.sleep(0.2)


@dataclass
class Desks:
    """What was acknowledged to whom, to be compared with the logs at the end."""

    network: Network
    acknowledged: dict[str, set[UUID]] = field(default_factory=lambda: {MESTO.code: set(), NIT.code: set()})
    referrals: list[UUID] = field(default_factory=list[UUID])

    async def do(self, who: Person, aggregate: str, command: type[Command], **fields: Any) -> None:
        """The same command id again and again until it is acknowledged, as a phone does it."""
        command_id = new_id()
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                async with self.api(who) as api:
                    await api.command("cases", aggregate, command, id=command_id, **fields)
                self.acknowledged[who.organisation.code].add(command_id)
                return
            except (httpx.HTTPError, OSError, ApiRefused) as error:
                if isinstance(error, ApiRefused) and error.status not in (500, 503):
                    raise
                assert time.monotonic() < deadline, f"{command.__name__} was not acknowledged within {PATIENCE_S} s"
                await asyncio.sleep(0.3)

    def api(self, who: Person) -> Api:
        return self.network.api(who)

    async def refer(self) -> UUID:
        """The town opens and sends a referral."""
        one = new_id()
        self.referrals.append(one)
        await self.do(
            EVA, "referral", OpenReferral,
            referral_id=one, person_id=new_id(), recipient=NIT.id, need="debts",
            reason="Dluh na nájmu.", client_name=CANARY,
        )  # fmt: skip
        await self.do(
            EVA, "referral", SendReferral,
            referral_id=one, answer_due=date(2030, 1, 1),
            ground={"kind": "release", "release_id": new_id()},
        )  # fmt: skip
        return one

    async def carry_out(self, one: UUID) -> None:
        """The advice centre accepts, meets, completes; the town closes. Each waits for the other's letter."""
        await self.until_stage(JAKUB, one, "received")
        await self.do(JAKUB, "referral", AcceptReferral, referral_id=one, worker=JAKUB.id)
        await self.do(JAKUB, "referral", StartReferral, referral_id=one, first_meeting=date(2026, 5, 20))
        await self.do(JAKUB, "referral", CompleteReferral, referral_id=one, outcome="help_received")
        await self.until_stage(EVA, one, "completed")
        await self.do(EVA, "referral", CloseReferral, referral_id=one, client_informed_on=date(2026, 6, 22))

    async def until_stage(self, who: Person, one: UUID, stage: str) -> None:
        async def reached() -> bool:
            return (await self.stages(who)).get(str(one)) == stage

        await until(reached, f"{who.organisation.code} to see a referral as {stage}")

    async def stages(self, who: Person) -> dict[str, str]:
        async with self.api(who) as api:
            rows = await api.query("cases", "referrals", organisation=who.organisation.id, limit=500)
        return {row["referral_id"]: row["stage"] for row in rows}

    async def settled(self) -> None:
        """C4 and C2: both sides agree about every referral, nothing waits, nothing was refused or quarantined."""
        everything = {str(one): "closed" for one in self.referrals}

        async def agree() -> bool:
            return await self.stages(EVA) == everything == await self.stages(JAKUB)

        await until(agree, "both sides to agree about every referral")
        for one in (MESTO, NIT):
            await until(lambda one=one: self._nothing_waits(one.code), f"every letter of {one.code} to be receipted")

    async def _nothing_waits(self, code: str) -> bool:
        async with on_bench(service("courier", self.settings(code))) as bench:
            waiting = await bench.pool.fetchval("select count(*) from letter_out where coalesce(outcome, '') = ''")
            wrong = await bench.pool.fetchval(
                "select count(*) from letter_out where outcome in ('refused', 'disputed')"
            )
            assert wrong == 0, "a letter was refused or disputed"
            return bool(waiting == 0)

    async def check(self) -> None:
        """C1 acknowledged ⊆ log, C2 each once, C3 every view equals its rebuild, C6 every chain holds."""
        for code, acknowledged in self.acknowledged.items():
            settings = self.settings(code)
            async with on_bench(service("cases", settings)) as bench:
                rows = await bench.pool.fetch("select command_id from event union select command_id from command")
                lost = acknowledged - {row["command_id"] for row in rows}
                assert not lost, f"{len(lost)} acknowledged commands are not in the log of {code}"
                doubled = await bench.pool.fetchval(
                    "select count(*) from (select type, stream, data->>'author', data->>'number' from event"
                    " where data ? 'number' group by 1, 2, 3, 4 having count(*) > 1) as twice"
                )
                assert doubled == 0, f"{doubled} shared events were recorded twice at {code}"
            assert not [trouble for _, _, trouble in await verify_node(settings) if trouble]
            for name in SERVICES:
                declared = service(name, settings)
                async with on_bench(declared) as bench:
                    for projection in projections(declared):
                        await until(
                            lambda b=bench, p=projection: _same(b, p), f"{code} {projection} to equal its rebuild"
                        )

    def settings(self, code: str) -> Settings:
        return Settings.from_file(self.network.nodes[code].folder / "node.toml")

    def processes(self) -> list[Any]:
        nodes = self.network.nodes.values()
        return [self.network.hub, *(s for node in nodes for s in (node.postgres, node.nats, node.program))]


async def _same(bench: Any, projection: str) -> bool:
    return await differences(bench, projection) == 0


async def kill_some(desks: Desks, dice: random.Random, times: int, pause_s: tuple[float, float]) -> list[str]:
    """kill -9 of a random process, so many times; the supervisor starts it again. Returns their names."""
    killed: list[str] = []
    for _ in range(times):
        await asyncio.sleep(dice.uniform(*pause_s))
        victim = dice.choice(desks.processes())
        if victim.alive:
            await asyncio.to_thread(victim.kill)
            killed.append(victim.name)
    return killed
