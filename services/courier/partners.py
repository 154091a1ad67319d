"""Who the partners are right now, with their keys checked against the pinned root."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import asyncpg

from libs.sealing import LetterRefused, PinnedPartner

log = logging.getLogger("spojka.courier")


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation letters are exchanged with."""

    id: UUID
    account: str
    pinned: PinnedPartner


@dataclass(frozen=True, slots=True)
class Partners:
    """All partners, by organisation and by the account the hub names."""

    by_id: Mapping[UUID, Partner]
    by_account: Mapping[str, Partner]

    @property
    def pinned(self) -> dict[UUID, PinnedPartner]:
        return {partner.id: partner.pinned for partner in self.by_id.values()}


async def load_partners(pool: "asyncpg.Pool[Any]", query: str, own: UUID) -> Partners:
    """Without ourselves. A key set that does not fit its pinned root is left out, loudly."""
    found: list[Partner] = []
    for row in await pool.fetch(query):
        if row["organisation_id"] == own:
            continue
        pinned = PinnedPartner(row["organisation_id"], row["root_fingerprint"])
        if row["key_set"]:
            try:
                pinned = _vouched(row["organisation_id"], row["root_fingerprint"], row["key_set"])
            except LetterRefused as refused:
                log.error("key set left out", extra={"partner": str(row["organisation_id"]), "code": refused.code})
        found.append(Partner(row["organisation_id"], row["hub_account"], pinned))
    return Partners({one.id: one for one in found}, {one.account: one for one in found})


@lru_cache(maxsize=4_096)
def _vouched(organisation: UUID, fingerprint: str, key_set: str) -> PinnedPartner:
    """Checking a signature takes longer than asking the database, and every letter asks four times."""
    return PinnedPartner(organisation, fingerprint).accept(key_set)
