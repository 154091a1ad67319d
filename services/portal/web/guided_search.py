"""The search of the directory, the same for workers and for visitors: a question, a handle, the guided answer.

Nothing anybody looks for stands in an address: what a person needs help with is theirs, even on a shared computer.
"""

from typing import Any

from fastapi import Response
from pydantic import ValidationError

from libs.codelists import Role
from services.portal.web.directory_entries import SHOWN, built, municipalities
from services.portal.web.form import Form
from services.portal.web.guide import Asked, find
from services.portal.web.page import Page

FIELDS = tuple(Asked.model_fields)
WIDER = ("words", "form", "target_group", "age", "municipality")
"""What can be left out when nothing was found, one at a time."""
REFERRERS = (Role.KEY_WORKER, Role.TEAM_LEADER, Role.OSPOD_WORKER, Role.MUNICIPAL_WORKER)
"""Who refers clients, as `cases` says."""


def may_refer(page: Page) -> bool:
    """Whether this person is offered to refer somebody to a service of another organisation."""
    return page.has(*REFERRERS)


async def question(page: Page, home: str, template: str, form: Form | None = None, **content: Any) -> Response:
    """The empty question, or one that does not fit."""
    form = form or page.blank()
    return await page.render(
        template,
        form.status,
        **SHOWN,
        home=home,
        form=form,
        places=municipalities(),
        **content,
    )


async def search(page: Page, home: str, template: str) -> Response:
    """What was chosen and typed, kept under a handle."""
    form = await page.form()
    asked = built(page, form, Asked, form.take(*FIELDS))
    if asked is None:
        return await question(page, home, template, form)
    handle = await page.site.kept.keep_search(page.actor.user, asked.model_dump(mode="json", exclude_none=True))
    return page.go(f"{home}/hledani/{handle}")


async def answer(page: Page, home: str, template: str, handle: str, **content: Any) -> Response:
    """The answer behind a handle; an old one begins anew."""
    kept = await page.site.kept.search(page.actor.user, handle)
    try:
        asked = Asked.model_validate(kept)
    except ValidationError:
        return page.go(home)
    wider = [name for name in WIDER if name in asked.model_fields_set]
    return await question(
        page,
        home,
        template,
        page.blank(**asked.model_dump(mode="json")),
        asked=asked,
        found=await find(page, asked),
        wider=wider,
        **content,
    )
