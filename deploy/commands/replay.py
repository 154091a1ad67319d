"""`./spojka replay`: the dead letters of a service, once their cause is mended."""

import asyncio
from pathlib import Path

from deploy.commands.which import nodes
from deploy.node import SERVICES
from deploy.node import service as declared
from libs.service import Settings, SettingsMistake
from libs.service.maintenance import on_bench
from libs.service.maintenance import replay as replay_all


def replay(*, service: str, node_toml: Path | None, data: Path | None) -> int:
    """0 when no dead letter is left."""
    if service not in SERVICES:
        raise SettingsMistake(f"There is no service {service}. There is: {', '.join(SERVICES)}.")
    left = 0
    for settings in nodes(node_toml, data):
        done, still = asyncio.run(_replay(settings, service))
        print(f"{settings.organisation.code}: {done} acted on, {still} still dead")
        left += still
    return 1 if left else 0


async def _replay(settings: Settings, name: str) -> tuple[int, int]:
    async with on_bench(declared(name, settings)) as bench:
        return await replay_all(bench)
