"""Operations: where letters wait and why, what was set aside, and how the services stand."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from fastapi import Response

from libs.codelists import Role
from libs.messaging import Query, RequestFailed, View
from services.courier.correspondence.views import (
    Gap,
    Gaps,
    LetterRefusal,
    LettersRefused,
    LettersUnapplied,
    LettersWaiting,
    LetterWaiting,
    Quarantined,
    QuarantinedLetter,
    UnappliedLetter,
)
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.running import running

LATE = timedelta(days=3)
"""A letter that waits longer than this is worth a call."""
MOST = 5_000

V = TypeVar("V", bound=View)
router = Pages()


@dataclass(frozen=True)
class Queue:
    """Letters that wait for one partner. sent: how many left us without an answer."""

    partner: UUID
    letters: int
    sent: int
    since: datetime | None

    @property
    def is_late(self) -> bool:
        return self.since is not None and datetime.now(UTC) - self.since > LATE


@router.get("/provoz")
async def operations(page: Signed) -> Response:
    """Everybody sees whether their letters arrive; who keeps the node sees the rest."""
    keeps = page.has(Role.NODE_ADMINISTRATOR)
    waiting, refused, gaps, unapplied, quarantined, services = await asyncio.gather(
        _may_ask(page, LettersWaiting, LetterWaiting, limit=MOST),
        _may_ask(page, LettersRefused, LetterRefusal),
        _may_ask(page, Gaps, Gap),
        _may_ask(page, LettersUnapplied, UnappliedLetter),
        _may_ask(page, Quarantined, QuarantinedLetter),
        running(page.site.bus, page.site.services) if keeps else _nothing(),
    )
    language = page.site.languages[page.language]

    def reason(code: str) -> str:
        """In words, if there are any: a partner may name a code of its own."""
        key = f"letter.{code}"
        return text if (text := language.pgettext("refusal", key)) != key else ""

    return await page.render(
        "operations/operations.html",
        keeps=keeps,
        watches=keeps or page.has(Role.DPO),
        queues=queues(waiting or ()),
        refused=refused,
        gaps=gaps,
        unapplied=unapplied,
        quarantined=quarantined,
        services=services,
        reason=reason,
    )


def queues(letters: Sequence[LetterWaiting]) -> list[Queue]:
    """By partner, whoever waits longest first."""
    by_partner: dict[UUID, list[LetterWaiting]] = {}
    for one in letters:
        by_partner.setdefault(one.partner_id, []).append(one)
    found = [
        Queue(
            partner,
            len(own),
            sum(one.state == "sent" for one in own),
            min((one.posted_at for one in own if one.posted_at is not None), default=None),
        )
        for partner, own in by_partner.items()
    ]
    return sorted(found, key=lambda one: one.since or datetime.max.replace(tzinfo=UTC))


async def _may_ask(page: Page, question: type[Query], view: type[V], **fields: Any) -> list[V] | None:
    """None: not for this person to know, or nobody answers."""
    try:
        return await page.ask(question, view, **fields)
    except RequestFailed as failed:
        if failed.problem.kind in ("forbidden", "unavailable"):
            return None
        raise


async def _nothing() -> list[Any]:
    return []
