"""`./spojka rebuild`: build a read model beside the one in use, and switch."""

import asyncio
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deploy.commands.which import nodes
from deploy.node import SERVICES, service
from libs.service import Service, Settings, SettingsMistake
from libs.service.maintenance import on_bench, source_head
from libs.service.maintenance import rebuild as rebuild_one


def rebuild(*, service: str, projection: str | None, node_toml: Path | None, data: Path | None) -> int:
    """0 when every named read model was built anew and is in use."""
    if service not in SERVICES:
        raise SettingsMistake(f"There is no service {service}. There is: {', '.join(SERVICES)}.")
    for settings in nodes(node_toml, data):
        asyncio.run(rebuild_node(settings, service, projection))
    return 0


def projections(declared: Service) -> list[str]:
    """Every projection of a service, inline and streamed."""
    streamed = [one for many in declared.follows.values() for one in many]
    return [one.name for one in (*declared.projections, *streamed)]


async def rebuild_node(settings: Settings, name: str, projection: str | None) -> None:
    declared = service(name, settings)
    try:
        wanted = [declared.projection(projection)[1].name] if projection else projections(declared)
    except LookupError as error:
        raise SettingsMistake(f"{error.args[0]}.") from None
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    async with on_bench(declared) as bench:
        with Progress(*columns, console=Console()) as bar:
            for one in wanted:
                head = await source_head(bench, one)
                task = bar.add_task(f"{settings.organisation.code} {one}", total=head)
                done = await rebuild_one(bench, one, lambda position, task=task: bar.update(task, completed=position))
                bar.update(task, completed=done, total=done)
