"""Keys of data subjects: made on first use, stored only wrapped by the node's key, destroyed to forget.

Every value is sealed with AES-256-GCM; the associated data binds it to its event, its subject and its
field, so a token moved elsewhere does not open. The wrapping key (KEK) lies outside the data volume.
Source: shared design §6; NIST SP 800-38D for the 96-bit random nonce.
"""

import base64
import os
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from libs.privacy.personal import CLEAR, Personal

MIGRATIONS = Path(__file__).with_name("migrations")
CACHE_SIZE, CACHE_S = 2_048, 60.0


class Forgotten(LookupError):
    """The data subject was forgotten: nothing new may be sealed for them."""


class KeyLost(RuntimeError):
    """Neither key nor tombstone: the store is damaged. A lost key must not look like a forgotten person."""


class HasSubjects(Protocol):
    """An event: which of its fields are personal, and whose they are."""

    subjects: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NodeKey:
    """The key that wraps all subject keys of a node; 32 bytes in a file of mode 0600."""

    secret: bytes
    epoch: int = 1

    @classmethod
    def from_file(cls, path: Path) -> "NodeKey":
        if path.stat().st_mode & 0o077:
            raise ValueError("others may read it")
        secret = base64.b64decode(path.read_text().strip())
        if len(secret) != 32:
            raise ValueError("it is not a key of 32 bytes")
        return cls(secret)

    @classmethod
    def create(cls, path: Path) -> "NodeKey":
        """A new key in a new file. Raises FileExistsError rather than replace one: that would lose everything."""
        secret = AESGCM.generate_key(256)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(base64.b64encode(secret).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        return cls(secret)

    def wrap(self, scope: UUID, key: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + AESGCM(self.secret).encrypt(nonce, key, _bound("key", scope, self.epoch))

    def unwrap(self, scope: UUID, wrapped: bytes, epoch: int) -> bytes:
        try:
            return AESGCM(self.secret).decrypt(wrapped[:12], wrapped[12:], _bound("key", scope, epoch))
        except InvalidTag as error:
            raise KeyLost(f"the key of subject {scope} does not open under this node's key") from error


class SubjectKeys:
    """The keys of one service's data subjects."""

    def __init__(self, pool: "asyncpg.Pool[Any]", node_key: NodeKey) -> None:
        self._pool, self._node_key = pool, node_key
        self._cache: OrderedDict[UUID, tuple[float, AESGCM | None]] = OrderedDict()

    async def ready(self, scopes: Iterable[UUID], *, create: bool) -> dict[UUID, AESGCM | None]:
        """Ciphers of these subjects; None: forgotten. `create`: make those that never had one."""
        found: dict[UUID, AESGCM | None] = {}
        absent: list[UUID] = []
        now = time.monotonic()
        for scope in set(scopes):
            cached = self._cache.get(scope)
            if cached is not None and now - cached[0] < CACHE_S:
                found[scope] = cached[1]
            else:
                absent.append(scope)
        if absent:
            found |= await self._fetch(absent, create=create)
        return found

    async def forget(self, scope: UUID) -> None:
        """Destroy the key and leave a tombstone. Repeating it changes nothing."""
        self._cache.pop(scope, None)
        await self._pool.execute("insert into tombstone (scope) values ($1) on conflict do nothing", scope)
        await self._pool.execute("delete from subject_key where scope = $1", scope)  # after it: nobody makes a new one
        await self._pool.execute("vacuum subject_key")  # `delete` alone leaves the key's bytes in the heap
        self._cache[scope] = (time.monotonic(), None)

    async def _fetch(self, scopes: list[UUID], *, create: bool) -> dict[UUID, AESGCM | None]:
        async with self._pool.acquire() as db:
            gone = {row["scope"] for row in await db.fetch("select scope from tombstone where scope = any($1)", scopes)}
            wanted = [scope for scope in scopes if scope not in gone]
            query = "select scope, wrapped, epoch from subject_key where scope = any($1)"
            rows = {row["scope"]: row for row in await db.fetch(query, wanted)}
            unknown = [scope for scope in wanted if scope not in rows]
            if unknown and create:
                wrapped = [self._node_key.wrap(scope, AESGCM.generate_key(256)) for scope in unknown]
                await db.execute(
                    "insert into subject_key (scope, wrapped, epoch)"
                    " select s, w, $3 from unnest($1::uuid[], $2::bytea[]) as k(s, w) on conflict do nothing",
                    unknown, wrapped, self._node_key.epoch,
                )  # fmt: skip
                rows |= {row["scope"]: row for row in await db.fetch(query, unknown)}
            elif unknown:
                raise KeyLost(f"neither key nor tombstone for subject {unknown[0]}")
            late = await db.fetch("select scope from tombstone where scope = any($1)", list(rows))
            if late:  # forgotten while we looked
                gone |= {row["scope"] for row in late}
                await db.execute("delete from subject_key where scope = any($1)", list(gone))
        ciphers: dict[UUID, AESGCM | None] = dict.fromkeys(gone)
        for scope, row in rows.items():
            if scope in gone:
                continue
            ciphers[scope] = AESGCM(self._node_key.unwrap(scope, row["wrapped"], row["epoch"]))
        now = time.monotonic()
        for scope, cipher in ciphers.items():
            self._cache[scope] = (now, cipher)
        while len(self._cache) > CACHE_SIZE:
            self._cache.popitem(last=False)
        return ciphers


def seal(cipher: AESGCM, scope: UUID, event_id: UUID, field: str, value: Any) -> str:
    """The token of a value: `1.<scope>.<event>.<field>.<base64>`."""
    nonce = os.urandom(12)
    raw = nonce + cipher.encrypt(nonce, orjson.dumps(value), _bound("field", scope, event_id, field))
    return f"1.{scope}.{event_id}.{field}.{base64.b64encode(raw).decode()}"


def scope_of(token: str) -> UUID:
    """Whose key opens a token."""
    return UUID(token.split(".", 2)[1])


def unseal(cipher: AESGCM, token: str) -> Any:
    """The value of a token. Raises KeyLost if the token was altered or moved."""
    _, scope, event_id, field, text = token.split(".", 4)
    raw = base64.b64decode(text)
    try:
        return orjson.loads(cipher.decrypt(raw[:12], raw[12:], _bound("field", UUID(scope), UUID(event_id), field)))
    except InvalidTag as error:
        raise KeyLost(f"a sealed value of event {event_id} does not open") from error


def clear_content(value: Personal[Any]) -> Any:
    """The JSON content of a clear value."""
    revealed = value.reveal()
    return revealed.model_dump(mode="json", context=CLEAR) if hasattr(revealed, "model_dump") else revealed


def _bound(*parts: object) -> bytes:
    return "|".join(str(part) for part in parts).encode()
