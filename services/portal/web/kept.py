"""What a person is writing or looking for, kept between two requests: sealed, theirs alone, for a while.

A draft outlives an expired session, a closed tab and a restart of the server; a search outlives a redirect, so that
nothing anybody typed stands in a URL.
"""

import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from libs.eventlog import Frozen
from libs.privacy import NodeKey

MIGRATIONS = Path(__file__).parents[1] / "migrations"
DRAFT_LIFE, SEARCH_LIFE = timedelta(days=30), timedelta(minutes=15)
MOST_DRAFTS = 50


class Draft(Frozen):
    """A form as it stood: field → what was typed. form: its key; path: of the page it stood on, if that was told."""

    form: str
    fields: dict[str, list[str]]
    at: datetime
    path: str = ""


class Kept:
    """The portal's own table. Nobody finds what is not theirs: the owner is part of the key it is sealed under."""

    def __init__(self, pool: "asyncpg.Pool[Any]", node_key: NodeKey) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=b"spojka portal kept").derive(node_key.secret)
        self._pool, self._cipher = pool, AESGCM(derived)

    async def keep_draft(self, owner: UUID, form: str, fields: dict[str, list[str]], path: str = "") -> datetime:
        """Replaces what was kept of this form; the oldest of too many gives way. Returns when it was kept."""
        at = await self._put(owner, f"draft {form}", {"fields": fields, "path": path}, DRAFT_LIFE)
        await self._pool.execute(
            "delete from kept where owner = $1 and name in ("
            "select name from kept where owner = $1 and name like 'draft %' order by at desc offset $2)",
            owner, MOST_DRAFTS,
        )  # fmt: skip
        return at

    async def draft(self, owner: UUID, form: str) -> Draft | None:
        """What was being written there, unless it was sent or grew too old."""
        found = await self._get(owner, f"draft {form}")
        return None if found is None else _draft(form, *found)

    async def drafts(self, owner: UUID) -> list[Draft]:
        """Everything this person is writing, the latest first."""
        rows = await self._pool.fetch(
            "select name, sealed, at from kept where owner = $1 and name like 'draft %' and until > clock_timestamp()"
            " order by at desc",
            owner,
        )
        opened = [(row, self._open(owner, row["name"], row["sealed"])) for row in rows]
        return [
            _draft(row["name"].removeprefix("draft "), content, row["at"])
            for row, content in opened
            if content is not None
        ]

    async def drop_draft(self, owner: UUID, form: str) -> None:
        """It was sent, or thrown away by its author."""
        await self._pool.execute("delete from kept where owner = $1 and name = $2", owner, f"draft {form}")

    async def keep_search(self, owner: UUID, words: dict[str, Any]) -> str:
        """An opaque handle for a URL."""
        handle = secrets.token_urlsafe(16)
        await self._put(owner, f"search {handle}", words, SEARCH_LIFE)
        return handle

    async def search(self, owner: UUID, handle: str) -> dict[str, Any] | None:
        """What a handle stands for; None: not this person's, or too old."""
        found = await self._get(owner, f"search {handle}")
        return None if found is None else found[0]

    async def _put(self, owner: UUID, name: str, content: dict[str, Any], life: timedelta) -> datetime:
        nonce = os.urandom(12)
        sealed = nonce + self._cipher.encrypt(nonce, orjson.dumps(content), _bound(owner, name))
        await self._pool.execute("delete from kept where until < clock_timestamp()")
        return await self._pool.fetchval(
            "insert into kept (owner, name, sealed, at, until)"
            " values ($1, $2, $3, clock_timestamp(), clock_timestamp() + $4)"
            " on conflict (owner, name) do update set sealed = excluded.sealed, at = excluded.at,"
            " until = excluded.until returning at",
            owner, name, sealed, life,
        )  # fmt: skip

    async def _get(self, owner: UUID, name: str) -> tuple[dict[str, Any], datetime] | None:
        row = await self._pool.fetchrow(
            "select sealed, at from kept where owner = $1 and name = $2 and until > clock_timestamp()", owner, name
        )
        if row is None or (content := self._open(owner, name, row["sealed"])) is None:
            return None
        return content, row["at"]

    def _open(self, owner: UUID, name: str, sealed: bytes) -> dict[str, Any] | None:
        """None: the node has another key now."""
        try:
            return orjson.loads(self._cipher.decrypt(sealed[:12], sealed[12:], _bound(owner, name)))
        except InvalidTag:
            return None


def _draft(form: str, content: dict[str, Any], at: datetime) -> Draft:
    return Draft(form=form, fields=content["fields"], at=at, path=content.get("path", ""))


def _bound(owner: UUID, name: str) -> bytes:
    return f"{owner} {name}".encode()
