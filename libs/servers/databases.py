"""Databases on a PostgreSQL server: made and dropped, from any thread, inside or outside an event loop."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Sequence
from typing import Any

import asyncpg


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def create_database(admin_url: str, name: str, owner: str | None = None) -> None:
    """Make it if it is not there. In UTF-8 and ordered by code point, so every server sorts alike."""
    statement = f"create database {quoted(name)} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'"
    if owner is not None:
        statement += f" owner {quoted(owner)}"
    with contextlib.suppress(asyncpg.DuplicateDatabaseError):
        run_sql(admin_url, statement)


def drop_database(admin_url: str, name: str) -> None:
    """Drop it, with whoever is still connected."""
    run_sql(admin_url, f"drop database if exists {quoted(name)} with (force)")


def run_sql(url: str, *statements: str) -> None:
    """Run statements one by one on a connection of their own."""
    _in_a_loop_of_its_own(_run(url, statements))


async def _run(url: str, statements: Sequence[str]) -> None:
    connection = await asyncpg.connect(url, timeout=30)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _in_a_loop_of_its_own(work: Coroutine[Any, Any, None]) -> None:
    failure: list[BaseException] = []

    def go() -> None:
        try:
            asyncio.run(work)
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=go, name="databases")
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
