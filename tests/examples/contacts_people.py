"""Who is who in the examples of `contacts`: Přístav's workers and Denisa, whom they know as Dendy."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from libs.codelists import Role
from libs.eventlog import Actor

PRISTAV = UUID("0198c0de-0000-7000-8000-000000000001")
DENDY = UUID("0198c0de-0000-7000-8000-00000000d001")
TWIN_RECORD = UUID("0198c0de-0000-7000-8000-00000000d002")

LOKET, SLAVKOV = "LOKET", "SLAVKOV"
LOKET_CODE, SLAVKOV_CODE = "560537", "560367"


def _actor(number: int, role: Role, team: str | None) -> Actor:
    user = UUID(f"0198c0de-0000-7000-8000-0000000000{number:02x}")
    return Actor(user=user, organisation=PRISTAV, roles=frozenset({role}), team=team)


RADKA = _actor(0x11, Role.OUTREACH_WORKER, LOKET)
SIMON = _actor(0x12, Role.KEY_WORKER, SLAVKOV)
OLGA = _actor(0x13, Role.TEAM_LEADER, None)
VIT = _actor(0x14, Role.PROJECT_MANAGER, None)
EVA = _actor(0x15, Role.MUNICIPAL_WORKER, None)
DPO = _actor(0x16, Role.DPO, None)
NODE = Actor(user=PRISTAV, organisation=PRISTAV, roles=frozenset({Role.NODE}))


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment of the story, 2026 (UTC)."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def told(*said: dict[str, Any]) -> dict[str, Any]:
    """Fields of an example; the later word wins."""
    return {name: value for part in said for name, value in part.items()}
