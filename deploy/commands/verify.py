"""`./spojka verify`: does every log still say what it said when it was written?"""

import asyncio
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy.commands.which import nodes
from deploy.node import SERVICES, service
from libs.eventlog import ChainBroken
from libs.service import Settings
from libs.service.maintenance import on_bench, verify_service


def verify(*, node_toml: Path | None, data: Path | None) -> int:
    """0 when every chain holds from the first event to the head of its log."""
    table = Table(title="Hash chains")
    for column in ("node", "service", "events", "chain"):
        table.add_column(column)
    broken = 0
    for settings in nodes(node_toml, data):
        for name, count, trouble in asyncio.run(verify_node(settings)):
            broken += bool(trouble)
            table.add_row(settings.organisation.code, name, str(count), trouble or "holds")
    Console().print(table)
    if broken:
        print(
            f"{broken} log(s) were changed outside their service. Nothing was touched. Keep the data folder as it is, "
            "compare with the last backup, and tell your partners before you go on."
        )
    return 1 if broken else 0


async def verify_node(settings: Settings) -> list[tuple[str, int, str]]:
    """(service, events, what is wrong) of every log of a node."""
    found: list[tuple[str, int, str]] = []
    for name in SERVICES:
        async with on_bench(service(name, settings)) as bench:
            try:
                found.append((name, await verify_service(bench), ""))
            except ChainBroken as error:
                found.append((name, 0, str(error)))
    return found
