"""Contacts: the list, and the form of a new one. Five choices make a common contact."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from fastapi import Response

from libs.codelists import MUNICIPALITIES, ActivityType, AgeBand, Channel, Need, Role, Sex
from libs.eventlog import derived_id
from services.contacts.contact.commands import RecordContact
from services.contacts.contact.views import ContactCount, ContactCounts, Contacts, ContactSummary
from services.contacts.person.commands import DescribePerson, GiveNickname
from services.contacts.person.views import PersonCard, PersonDetail
from services.portal.web.form import PRAGUE, Form, NotHere
from services.portal.web.known import alike, latest, of_ids
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.pages.contact_form import MINUTES, PEOPLE, habits, met_last, recorded
from services.portal.web.pages.people import as_person, lacking, teams

SHOWN, COUNTED, MONTHS, HABIT = 50, 1000, 24, 50
DRAFT = "contact"

router = Pages()


@router.get("/kontakty")
async def contacts(page: Signed, mesic: str = "", obec: str = "", lokalita: str = "", tym: str = "") -> Response:
    """Filters are codes and months, so they may stand in the address."""
    wanted = {"month": _month(mesic), "municipality": obec or None, "locality": lokalita.strip() or None}
    team = tym if tym and page.has(Role.TEAM_LEADER) else page.team
    counted = None if wanted["month"] else COUNTED
    rows, counts, _ = await asyncio.gather(
        page.ask(Contacts, ContactSummary, team=team, limit=SHOWN, **wanted),
        page.one(ContactCounts, ContactCount, team=team, latest=counted, **wanted),
        page.site.names.ready(page),
    )
    return await page.render(
        "contacts/list.html",
        form=page.blank(mesic=mesic, obec=obec, lokalita=lokalita, tym=tym),
        contacts=rows,
        counts=counts,
        all_counted=counts.total != counted,
        months=_months(datetime.now(PRAGUE).date()),
        municipalities=list(MUNICIPALITIES.values()),
        teams=teams(page) if page.has(Role.TEAM_LEADER) else [],
        is_filtered=any(wanted.values()) or bool(tym),
    )


@router.get("/kontakty/novy")
async def new(page: Signed, klient: UUID | None = None, znovu: bool = False) -> Response:
    """klient: who it was with, if the worker comes from their page. znovu: begin anew, whatever was kept."""
    if znovu:
        await page.site.kept.drop_draft(page.actor.user, DRAFT)
    form = await page.drafted(DRAFT, started=datetime.now(UTC))
    if klient:
        form.typed["who"] = [f"person:{klient}"]
    form.new_id("contact_id")
    form.new_id("person_id")
    return await _shown(page, form, klient)


@router.post("/kontakty/novy")
async def record(page: Signed) -> Response:
    form = await page.form()
    contact_id, person_id = form.uuid("contact_id"), form.uuid("person_id")
    who = await _who(page, form, person_id)
    if who is None:
        return await _shown(page, form)
    done = await page.do(RecordContact, form, contact_id=contact_id, **who, **recorded(form))
    if done is None:
        return await _shown(page, form)
    await page.site.kept.drop_draft(page.actor.user, DRAFT)
    if form["_then"] == "another":
        return page.go("/kontakty/novy", saved=True)
    if form["_then"] == "step" and who.get("person_id"):
        return page.go(f"/klienti/{who['person_id']}/plan", saved=True)
    return page.go(f"/kontakty/{contact_id}", saved=True)


@router.post("/kontakty/mozna")
async def maybe_known(page: Signed) -> Response:
    """The candidates alone, while somebody types a nickname."""
    form = await page.form()
    return await page.render("contacts/candidates.html", form=form, candidates=await alike(page, form["nickname"]))


async def _shown(page: Page, form: Form, klient: UUID | None = None) -> Response:
    rows, recent, candidates = await asyncio.gather(
        page.ask(Contacts, ContactSummary, team=page.team, worker=page.actor.user, limit=HABIT),
        latest(page, PEOPLE),
        alike(page, form["nickname"]),
    )
    wanted = [one for one in (klient, form.chosen_person("who")) if one is not None]
    known = await of_ids(page, [*wanted, *met_last(page.actor.user, rows)])
    usual = habits(page.actor.user, rows, [*known.values(), *recent])
    first = [known[one] for one in dict.fromkeys(wanted) if one in known]
    usual_people = (first + [one for one in usual.people if one not in first])[: len(usual.people) or 1]
    return await page.render(
        "contacts/new.html",
        status=form.status,
        form=form,
        usual=usual,
        people=usual_people,
        candidates=candidates,
        channels=[one for one in Channel if one not in usual.channels],
        topics=[one for one in Need if one not in usual.topics],
        minutes=MINUTES,
        Sex=Sex,
        AgeBand=AgeBand,
        ActivityType=ActivityType,
        municipalities=list(MUNICIPALITIES.values()),
    )


async def _who(page: Page, form: Form, person_id: UUID) -> dict[str, Any] | None:
    """Whose contact it is, as RecordContact wants it. None: it must be asked first, and the form shows what."""
    choice = form["who"]
    if choice.startswith("person:"):
        card = await page.one(PersonDetail, PersonCard, person_id=as_person(choice), team=page.team)
        return {"person_id": card.person_id}
    if choice in ("anonymous", "group"):
        return {}
    if choice != "nickname":
        lacking(page, form, "who")
        return None
    nickname = form["nickname"].strip()
    if not nickname:
        lacking(page, form, "nickname")
        return None
    if form["same"].startswith("person:"):
        card = await page.one(PersonDetail, PersonCard, person_id=as_person(form["same"]), team=page.team)
        return {"person_id": card.person_id}
    if form["same"] != "new" and await alike(page, nickname):
        lacking(page, form, "same")
        return None
    return {"person_id": person_id} if await _registered(page, form, person_id, nickname) else None


async def _registered(page: Page, form: Form, person_id: UUID, nickname: str) -> bool:
    """A record under the nickname; each command has an id of its own, so that sending again repeats nothing."""
    named = await page.do(
        GiveNickname, form, id=derived_id(form.id, "nickname"), person_id=person_id, nickname=nickname
    )
    if named is None:
        return False
    told = form.take("sex", "age_band")
    if not told:
        return True
    return bool(await page.do(DescribePerson, form, id=derived_id(form.id, "person"), person_id=person_id, **told))


def _month(text: str) -> date | None:
    """`2026-05`; nothing else is a month."""
    try:
        return date.fromisoformat(f"{text}-01") if text else None
    except ValueError:
        raise NotHere from None


def _months(today: date) -> list[date]:
    """This month and those before it, the latest first."""
    count = today.year * 12 + today.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(count, count - MONTHS, -1)]
