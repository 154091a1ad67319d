"""`./spojka doctor`: what is wrong with a node, in sentences, with what to do about it."""

import asyncio
import shutil
from pathlib import Path

import asyncpg
import nats.errors
from rich.console import Console

from deploy.commands.which import nodes
from deploy.node import SERVICES, service
from libs.eventlog.postgres import LOST
from libs.messaging import Bus, BusAway, RequestFailed
from libs.messaging.subjects import state_subject
from libs.sealing import SealingError, read_private
from libs.service import Settings, SettingsMistake
from libs.service.maintenance import on_bench

LEAST_FREE = 512 * 2**20
LAG = 1_000
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


def doctor(*, node_toml: Path | None, data: Path | None) -> int:
    """0 when nothing is wrong."""
    console, wrong = Console(), 0
    for settings in nodes(node_toml, data):
        found = asyncio.run(examine(settings))
        wrong += len(found)
        console.print(f"[bold]{settings.organisation.code}[/]: " + ("all is well" if not found else ""))
        for sentence in found:
            console.print(f"  • {sentence}", highlight=False)
    return 1 if wrong else 0


async def examine(settings: Settings) -> list[str]:
    """Everything that is wrong with one node: what it is, what is safe, what to do."""
    found = _disk(settings) + _keys(settings)
    heads: dict[str, int] = {}
    states: dict[str, dict[str, object]] = {}
    for name in SERVICES:
        try:
            async with on_bench(service(name, settings)) as bench:
                found += await _store(bench.pool, name)
                heads[name] = (await bench.log.head()).position
                states[name] = await Bus(bench.nc, timeout_s=3).ask(name, state_subject(name), b"{}")
        except (BusAway, nats.errors.Error):  # before LOST: BusAway is an OSError, too
            found.append(
                f"{name}: NATS does not answer at {settings.bus.url}. Nothing is lost: PostgreSQL remembers. "
                "Start nats-server; everything is published again."
            )
        except (*LOST, asyncpg.PostgresError):
            found.append(
                f"{name}: PostgreSQL does not answer. What is stored is safe. "
                "Start it, or look at its log; the services reconnect by themselves."
            )
        except RequestFailed:
            found.append(
                f"{name}: the service does not answer. What is stored is safe. Start it: ./spojka up NODE.toml"
            )
        except SettingsMistake as mistake:
            found.append(str(mistake))
    for name, state in states.items():
        found += _followers(name, state, heads)
    return found


def _disk(settings: Settings) -> list[str]:
    free = shutil.disk_usage(settings.folder).free
    if free > LEAST_FREE:
        return []
    return [f"disk: {free // 2**20} MB are left. What is stored is safe, new records will be refused. Free some space."]


def _keys(settings: Settings) -> list[str]:
    folder = settings.path(settings.keys.folder)
    found: list[str] = []
    for name in ("node.key", "key-set.jws"):
        try:
            read_private(folder / name)
        except SealingError as error:
            found.append(f"keys: {name}: {error}")
    return found


async def _store(pool: "asyncpg.Pool[asyncpg.Record]", name: str) -> list[str]:
    found: list[str] = []
    for setting in DURABLE:
        value = await pool.fetchval(f"show {setting}")
        if value != "on":
            found.append(
                f"{name}: PostgreSQL runs with {setting} = {value} and may lose what it has acknowledged. "
                f"Set it to on and restart PostgreSQL."
            )
    return found


def _followers(name: str, state: dict[str, object], heads: dict[str, int]) -> list[str]:
    found: list[str] = []
    if state.get("log_trouble") == "no_room":
        found.append(
            f"{name}: PostgreSQL has no room left. What is stored is safe and shown; new records are refused. "
            "Free some space on its disk; nothing has to be started again."
        )
    notes: object = state.get("notes")
    found += [f"{name}: {note}" for note in notes] if isinstance(notes, list) else []
    followers: object = state["followers"]
    for one in followers if isinstance(followers, list) else []:
        if one["status"] == "error":
            found.append(
                f"{name}: {one['follower']} has stopped: {one['error']}. Nothing was skipped and nothing is lost. "
                "Its node's log says why. It looks again by itself every half minute; after an update of the program "
                f"a read model may need ./spojka rebuild {name} {one['follower']}"
            )
        elif heads.get(one["source"], 0) - one["position"] > LAG:
            behind = heads[one["source"]] - one["position"]
            found.append(
                f"{name}: {one['follower']} is {behind} events behind {one['source']}. "
                "Wait; if it grows, look at its log."
            )
    if state["relay_trouble"]:
        found.append(
            f"{name}: the relay to NATS is in trouble ({state['relay_trouble']}). Readers ask the log instead."
        )
    if state["dead_letters"]:
        found.append(
            f"{name}: {state['dead_letters']} event(s) could not be acted on. "
            f"When the cause is mended: ./spojka replay {name}"
        )
    return found
