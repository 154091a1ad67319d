"""What is written down at the table while a conference goes on.

Before the meeting is recorded as held, the log takes neither minutes nor measures; until then they lie sealed in the
portal's own database, the same for everybody who records. From then on each change is a command of its own.

Whoever saves a section says what it looked like when they began (`mark_of`). If somebody else has changed it since,
nothing is overwritten: both texts are shown.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from pydantic import ValidationError

from libs.eventlog import Command, Frozen, derived_id
from services.cases.conference.commands import AssignAction, DraftMinutes
from services.cases.conference.terms import Stage
from services.portal.web.conference.desk import Desk, load, revealed, texts
from services.portal.web.conference.texts import mark_of, one_heading, sections_of, text_of
from services.portal.web.form import Form, Refused
from services.portal.web.page import Page
from services.portal.web.refusals import refused_fields, sentence

NAME = "table"
_TURNS: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()


class Planned(Frozen):
    """A measure agreed at the table and not yet assigned."""

    action_id: UUID
    title: str
    responsible: UUID
    due: date
    watched_by: UUID | None = None


class Table(Frozen):
    """What lies on the table. at: when it was last changed; None: nothing lies there."""

    text: str = ""
    planned: tuple[Planned, ...] = ()
    at: datetime | None = None


def turn(conference_id: UUID) -> asyncio.Lock:
    """Who reads and then writes the notes of a conference does it alone."""
    return _TURNS.setdefault(conference_id, asyncio.Lock())


async def lying(page: Page, conference_id: UUID) -> Table:
    kept = await page.site.kept.draft(conference_id, NAME)
    if kept is None:
        return Table()
    planned = tuple(Planned.model_validate_json(one) for one in kept.fields["planned"])
    return Table(text=kept.fields["text"][0], planned=planned, at=kept.at)


async def keep(page: Page, conference_id: UUID, table: Table) -> None:
    fields = {"text": [table.text], "planned": [one.model_dump_json() for one in table.planned]}
    await page.site.kept.keep_draft(conference_id, NAME, fields)


async def notes(page: Page, desk: Desk) -> str:
    """What is written so far: from the table, or the last draft of the minutes."""
    if desk.stage is Stage.CONVENED:
        return (await lying(page, desk.id)).text
    drafts = await texts(page, desk, "draft")
    return revealed(drafts[0].text) if drafts else ""


async def write(page: Page, desk: Desk, form: Form) -> str | None:
    """Save one section. None: saved. Otherwise `form.refused` says why; the answer is the text stored now.

    form   heading, text, mark (of the text as it was), order: all headings as the page shows them
    """
    heading, text = one_heading(form["heading"]), form["text"].rstrip()
    async with turn(desk.id):
        desk = await load(page, desk.id)
        sections = sections_of(await notes(page, desk))
        stored = sections.get(heading, "")
        if text == stored:
            return None
        if form["mark"] != mark_of(stored):
            words = sentence("stale_version", "conflict", page.site.languages[page.language])
            form.refused = Refused("conflict", "stale_version", words)
            return stored
        whole = text_of({**sections, heading: text}, form.many("order"))
        if desk.stage is not Stage.CONVENED:
            return None if await page.do(DraftMinutes, form, conference_id=desk.id, text=whole) else stored
        if not fits(page, DraftMinutes, form, conference_id=desk.id, text=whole):
            return stored
        await keep(page, desk.id, Table(text=whole, planned=(await lying(page, desk.id)).planned))
        return None


async def agree(page: Page, desk: Desk, form: Form, measure: Mapping[str, Any]) -> bool:
    """Agree on a measure: it lies on the table, or is assigned at once. False: `form.refused` says why not."""
    async with turn(desk.id):
        desk = await load(page, desk.id)
        if desk.stage is not Stage.CONVENED:
            return await page.do(AssignAction, form, conference_id=desk.id, **measure) is not None
        if not fits(page, AssignAction, form, conference_id=desk.id, **measure):
            return False
        table, planned = await lying(page, desk.id), Planned.model_validate(measure)
        others = tuple(one for one in table.planned if one.action_id != planned.action_id)
        await keep(page, desk.id, Table(text=table.text, planned=(*others, planned)))
        return True


def fits(page: Page, command: type[Command], form: Form, **fields: Any) -> bool:
    """Whether this would be taken later, as far as its fields tell. False: `form.refused` says which do not fit."""
    told = {name: value for name, value in fields.items() if value is not None}
    try:
        command.model_validate({"id": form.id, "actor": page.actor, "occurred_at": datetime.now(UTC), **told})
    except ValidationError as error:
        form.refused = refused_fields(error, page.site.languages[page.language])
    return form.refused is None


async def drop(page: Page, desk: Desk, action_id: UUID) -> None:
    """Take a measure off the table."""
    async with turn(desk.id):
        table = await lying(page, desk.id)
        kept = tuple(one for one in table.planned if one.action_id != action_id)
        await keep(page, desk.id, Table(text=table.text, planned=kept))


async def clear(page: Page, desk: Desk) -> Refused | None:
    """What lies on the table becomes a draft and measures. What is refused stays. desk: once the meeting was held."""
    async with turn(desk.id):
        table, refused = await lying(page, desk.id), None
        left: list[Planned] = []
        for one in table.planned:
            form = Form(id=derived_id(one.action_id, "assign"))
            if await page.do(AssignAction, form, conference_id=desk.id, **one.model_dump()) is None:
                left.append(one)
                refused = form.refused
        text = table.text
        if text:
            text = text_of({**sections_of(text), **sections_of(await notes(page, desk))})
            form = Form(id=derived_id(desk.id, f"draft {mark_of(text)}"))
            if await page.do(DraftMinutes, form, conference_id=desk.id, text=text):
                text = ""
            else:
                refused = form.refused
        if text or left:
            await keep(page, desk.id, Table(text=text, planned=tuple(left)))
        else:
            await page.site.kept.drop_draft(desk.id, NAME)
        return refused
