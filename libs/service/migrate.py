"""Forward-only numbered migrations: the libraries' tables first, then the service's own."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LEDGER = """
create table if not exists migration (
    name text primary key, digest text not null, applied_at timestamptz not null default clock_timestamp())
"""


class MigrationChanged(RuntimeError):
    """A file that was applied has another content now. Write a new migration instead."""


async def migrate(db: Any, folders: Sequence[Path]) -> list[str]:
    """Apply what is missing, each file in a transaction of its own; returns the names applied.

    Two replicas that start together wait for each other (advisory lock).
    """
    applied: list[str] = []
    await db.execute("select pg_advisory_lock(hashtext('migrate'))")
    try:
        await db.execute(LEDGER)
        known = {row["name"]: row["digest"] for row in await db.fetch("select name, digest from migration")}
        for folder in folders:
            for file in sorted(folder.glob("*.sql")):
                name = f"{folder.parent.name}/{file.name}"
                text = file.read_text(encoding="utf-8")
                digest = hashlib.sha256(text.encode()).hexdigest()
                if name not in known:
                    async with db.transaction():
                        await db.execute(text)
                        await db.execute("insert into migration (name, digest) values ($1, $2)", name, digest)
                    applied.append(name)
                elif known[name] != digest:
                    raise MigrationChanged(f"{name} was applied with another content; write a new migration instead")
    finally:
        await db.execute("select pg_advisory_unlock(hashtext('migrate'))")
    return applied
