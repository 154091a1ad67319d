"""A node: which services there are, and how one process runs all of them, or one alone.

`python -m deploy.node NODE.toml [SERVICE…]`; `./spojka up` calls the same.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from importlib import import_module
from pathlib import Path

import uvloop

from libs.service import Service, Settings, SettingsMistake, running
from libs.service.heap import keep_what_is_here
from libs.service.telemetry import start_telemetry

SERVICES = ("identity", "directory", "contacts", "cases", "reporting", "courier")
"""In the order of their start; the portal comes last, when there is somebody to ask."""
PORTAL = "portal"
DAY_S = 86_400.0


def service(name: str, settings: Settings) -> Service:
    """The service of this name, as its `app.py` declares it.

    Everybody's published events are known with it: one alone meets others' events in their logs, too.
    """
    for source in SERVICES:
        import_module(f"services.{source}.published")
    build: Callable[[Settings], Service] = import_module(f"services.{name}.app").build
    return build(settings)


async def serve(settings: Settings, names: Sequence[str], ready: Callable[[str], None]) -> None:
    """Run these services until SIGINT or SIGTERM, then stop them in the opposite order.

    ready   called once when all answer, with the portal's address ("" without a portal)
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    address = ""
    async with AsyncExitStack() as stack:
        for name in names:
            if name == PORTAL:
                from services.portal.app import serving

                port = await stack.enter_async_context(serving(settings))
                address = f"http://{settings.portal.host if settings.portal else ''}:{port}"
            else:
                await stack.enter_async_context(running(service(name, settings)))
        renewing = asyncio.create_task(_renew_daily(settings)) if "courier" in names else None
        keep_what_is_here()
        ready(address)
        await stop.wait()
        if renewing is not None:
            renewing.cancel()


async def _renew_daily(settings: Settings) -> None:
    """Fresh credentials for the hub, where the account's key is ours to sign with. A token lives for days only."""
    from deploy.nats.member import MemberAccount  # here: a node without a hub needs none of it

    folder = settings.path(settings.hub.credentials).parent if settings.hub else None
    while folder is not None and (folder / "account.nk").exists():
        MemberAccount(folder).renew()
        await asyncio.sleep(DAY_S)


def names_of(wanted: Sequence[str], settings: Settings) -> tuple[str, ...]:
    """The services to run; all of the node without a choice. Raises SettingsMistake for one there is not."""
    known = (*SERVICES, PORTAL)
    for name in wanted:
        if name not in known:
            raise SettingsMistake(f"There is no service {name}. There is: {', '.join(known)}.")
    everything = known if settings.portal else SERVICES
    return tuple(wanted) or everything


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="spojka up")
    parser.add_argument("node", type=Path, help="the node's settings, node.toml")
    parser.add_argument("services", nargs="*", help="these services alone; without a name, all")
    parser.add_argument("--ready", type=Path, help="a file to write the portal's address into when all answer")
    asked = parser.parse_args(arguments)
    try:
        settings = Settings.from_file(asked.node)
        names = names_of(asked.services, settings)
        start_telemetry("+".join(asked.services) or "node", settings)

        def ready(address: str) -> None:
            if asked.ready is not None:
                beside = asked.ready.with_suffix(".new")
                beside.write_text(address)
                beside.replace(asked.ready)  # whoever sees it reads the whole address
            print(f"{settings.organisation.code}: {len(names)} services answer. {address}", flush=True)

        uvloop.run(serve(settings, names, ready))
    except SettingsMistake as mistake:
        sys.exit(str(mistake))


if __name__ == "__main__":
    main()
