"""The whole wiring of the portal on one page. It owns nothing: it asks the others."""

import argparse
import asyncio
import logging
import signal
import sys
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from libs.service import Settings, SettingsMistake
from libs.service.telemetry import start_telemetry
from services.cases.published import PUBLISHED as CASES
from services.contacts.published import PUBLISHED as CONTACTS
from services.courier.published import PUBLISHED as COURIER
from services.directory.published import PUBLISHED as DIRECTORY
from services.identity.published import PUBLISHED as IDENTITY
from services.portal.serve import serve_api
from services.reporting.published import PUBLISHED as REPORTING

PUBLISHED = (CONTACTS, CASES, DIRECTORY, IDENTITY, REPORTING, COURIER)

log = logging.getLogger("spojka.portal")


def serving(settings: Settings) -> AbstractAsyncContextManager[int]:
    """`async with serving(settings) as port:` the JSON API answers on that port. Raises SettingsMistake."""
    return serve_api(settings, PUBLISHED)


def run() -> None:
    """`python -m services.portal.app NODE.toml`"""
    parser = argparse.ArgumentParser()
    parser.add_argument("node", type=Path, help="the node's settings, node.toml")
    try:
        settings = Settings.from_file(parser.parse_args().node)
        start_telemetry("portal", settings)
        asyncio.run(_until_told(settings))
    except SettingsMistake as mistake:
        sys.exit(str(mistake))


async def _until_told(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with serving(settings) as port:
        log.info(f"the API answers on port {port}")
        await stop.wait()


if __name__ == "__main__":
    run()
