"""A referral that is being written: kept sealed between its steps, seen by its author alone, gone once it is drafted.

told   exactly what the recipient will learn, field by field
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from libs.messaging import RequestFailed
from libs.privacy import Personal
from services.contacts.person.views import PersonCard, PersonDetail
from services.portal.web.form import Form, NotHere
from services.portal.web.kept import Draft
from services.portal.web.page import Page
from services.portal.web.referral.ground import ground_of

STEPS: Mapping[str, tuple[str, ...]] = {
    "potreba": ("person_id", "need", "urgency", "answer_due", "area", "reason"),
    "hledat": ("find_need", "find_area", "find_group"),
    "komu": ("recipient", "service"),
    "zaklad": ("basis", "release", "release_holds", "statute", "act", "paragraph"),
    "co": ("name_as", "name_other", "contact", "share"),
}
"""The fields of each step; `hledat` narrows the choice of the next one. `nahled`, the letter itself, has none."""
BEGINNING = ("law", "supersedes", "recipient", "service", "contact", "name_other")
"""What the first step may bring along: where it started from knew it already."""
NEEDED = {"potreba": ("person_id", "need", "answer_due"), "komu": ("recipient",), "co": ("name_as",)}
TERMS = (*STEPS["zaklad"], "answer_due", "urgency", "area", "law")
SHAREABLE = ("area", "contact", "reason")
BEGUN = "referral begun "


async def kept(page: Page, referral_id: UUID) -> Form:
    """What was written so far. Raises NotHere when nothing was, by this person."""
    draft = await page.site.kept.draft(page.actor.user, _key(referral_id))
    if draft is None:
        raise NotHere
    form = _form(draft)
    form.typed.setdefault("share", list(SHAREABLE))
    return form


async def keep(page: Page, referral_id: UUID, form: Form, step: str, *more: str) -> None:
    """One step more, or changed."""
    store, owner = page.site.kept, page.actor.user
    before = await store.draft(owner, _key(referral_id))
    fields = dict(before.fields) if before else {}
    fields |= {name: form.typed.get(name, [""]) for name in (*STEPS[step], *more)}
    await store.keep_draft(owner, _key(referral_id), fields, f"/odkazani/nove/{referral_id}/nahled")
    if autosaved := form["draft"]:
        await store.drop_draft(owner, autosaved)


async def keep_terms(page: Page, referral_id: UUID, form: Form) -> None:
    """On what terms a draft is to be sent later: the draft itself does not hold them."""
    fields = {name: form.typed[name] for name in TERMS if name in form.typed}
    path = f"/odkazani/{referral_id}/odeslat"
    await page.site.kept.keep_draft(page.actor.user, terms_key(referral_id), fields, path)


def terms_key(referral_id: UUID) -> str:
    return f"referral terms {referral_id}"


async def drop(page: Page, referral_id: UUID) -> None:
    """It was drafted or sent, or its author thought better of it."""
    await page.site.kept.drop_draft(page.actor.user, _key(referral_id))


async def unfinished(page: Page) -> list[tuple[str, Form]]:
    """What this person began and has not sent, with its id; the latest first."""
    drafts = await page.site.kept.drafts(page.actor.user)
    return [(one.form.removeprefix(BEGUN), _form(one)) for one in drafts if one.form.startswith(BEGUN)]


async def told(page: Page, form: Form) -> dict[str, Any] | None:
    """None while nobody is chosen."""
    person = await person_of(page, form)
    if person is None:
        return None
    shared = form.many("share")
    names = {"nickname": clear(person.nickname), "name": clear(person.name), "code": person.code}
    return {
        "client_name": names.get(form["name_as"]) or form["name_other"].strip(),
        "contact": form["contact"].strip() or None if "contact" in shared else None,
        "reason": form["reason"] if "reason" in shared else "",
        "area": form["area"] or None if "area" in shared else None,
        "ground": ground_of(form, person.person_id),
    }


def missing(form: Form) -> list[str]:
    """Steps in which something is still to be filled in."""
    lacking = [step for step, names in NEEDED.items() if not all(form[name].strip() for name in names)]
    if form["name_as"] == "other" and not form["name_other"].strip():
        lacking.append("co")
    return lacking


async def person_of(page: Page, form: Form) -> PersonCard | None:
    person_id = form.chosen("person_id")
    return await card(page, person_id) if person_id else None


async def card(page: Page, person_id: UUID) -> PersonCard | None:
    """One own person, if this worker may see them."""
    try:
        rows = await page.ask(PersonDetail, PersonCard, person_id=person_id, team=page.team)
    except RequestFailed:
        return None
    return rows[0] if rows else None


def clear(value: Personal[str] | None) -> str | None:
    """A personal value in clear, if it is."""
    return value.reveal() if value is not None and value.is_clear else None


def _form(draft: Draft) -> Form:
    return Form(typed={name: values for name, values in draft.fields.items() if values}, draft_at=draft.at)


def _key(referral_id: UUID) -> str:
    return f"{BEGUN}{referral_id}"
