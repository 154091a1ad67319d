"""What a worker notes about a person: details, steps on the ladder, a name, that two records are one person."""

from uuid import UUID

from fastapi import Response

from libs.codelists import MUNICIPALITIES, AgeBand, Housing, LadderStage, PlanOutcome, Role, Sex
from libs.eventlog import derived_id
from services.cases.agreement.commands import LapseNegotiation
from services.contacts.handover.commands import ProposeHandover
from services.contacts.person.commands import (
    CloseCase,
    DescribePerson,
    ExpressInterest,
    ForgetPerson,
    GiveIdentity,
    GiveNickname,
    HoldPerson,
    LiftHold,
    LinkPersons,
    LoseInterest,
    ReopenCase,
    UnlinkPersons,
    WithdrawIdentity,
)
from services.contacts.person.views import PersonSummary
from services.portal.web.form import Form, NotHere
from services.portal.web.known import FEW, alike, latest
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.pages.client_card import (
    Act,
    Client,
    at,
    client_of,
    is_duplicate,
    is_named,
    other_teams,
    possible,
)
from services.portal.web.pages.people import CASE_CLOSERS, lacking

PERSON_ACTS = {
    "udaje": Act(DescribePerson, told=lambda form: form.take("sex", "age_band", "housing", "residence")),
    "prezdivka": Act(GiveNickname, told=lambda form: form.take("nickname")),
    "zajem": Act(ExpressInterest, fits=at(LadderStage.NICKNAME)),
    "konec-zajmu": Act(LoseInterest, fits=at(LadderStage.INTERESTED)),
    "jmeno": Act(GiveIdentity, told=lambda form: form.take("level", "name")),
    "vzit-jmeno": Act(WithdrawIdentity, fits=is_named),
    "ukoncit": Act(CloseCase, CASE_CLOSERS, fits=at(LadderStage.CLIENT), told=lambda form: form.take("reason")),
    "obnovit": Act(ReopenCase, (Role.TEAM_LEADER,), fits=at(LadderStage.CLOSED), told=lambda form: form.take("reason")),
    "rozpojit": Act(UnlinkPersons, (Role.TEAM_LEADER,), fits=is_duplicate, told=lambda form: form.take("reason")),
    "spojit": Act(
        LinkPersons,
        (Role.TEAM_LEADER,),
        fits=lambda client: not is_duplicate(client),
        told=lambda form: form.take("same_as", "reason"),
    ),
}
"""By the last part of the address."""
ERASURE = {"drzet": HoldPerson, "uvolnit": LiftHold, "vymazat": ForgetPerson}
PEOPLE_OFFERED = 6

router = Pages(prefix="/klienti/{person_id}")


@router.get("/zmena/{act}")
async def changing(page: Signed, person_id: UUID, act: str) -> Response:
    of = await client_of(page, person_id)
    card = of.card
    known = {"sex": card.sex, "age_band": card.age_band, "housing": card.housing, "residence": card.residence}
    return await _changing(page, of, act, page.blank(**known) if act == "udaje" else page.blank())


@router.post("/zmena/{act}")
async def change(page: Signed, person_id: UUID, act: str) -> Response:
    form, of = await page.form(), await client_of(page, person_id)
    if act not in PERSON_ACTS or form["_find"]:
        return await _changing(page, of, act, form)
    if await page.do(PERSON_ACTS[act].command, form, person_id=person_id, **PERSON_ACTS[act].told(form)) is None:
        return await _changing(page, of, act, form)
    if act == "konec-zajmu" and of.negotiated:
        ends = derived_id(form.id, "negotiation")
        await page.do(LapseNegotiation, form, id=ends, agreement_id=of.negotiated.agreement_id)
    return page.go(of.path, saved=True)


@router.get("/predat")
async def offering(page: Signed, person_id: UUID) -> Response:
    of = await client_of(page, person_id)
    form = await page.drafted(f"handover {person_id}")
    form.new_id("handover_id")
    return await _offering(page, of, form)


@router.post("/predat")
async def offer(page: Signed, person_id: UUID) -> Response:
    form, of = await page.form(), await client_of(page, person_id)
    handover_id = form.uuid("handover_id")
    told = form.take("to_team", "reason")
    agrees = form.checked("client_agrees")
    await page.site.names.ready(page)
    if not other_teams(page, of):
        raise NotHere
    if await page.do(ProposeHandover, form, handover_id=handover_id, person_id=person_id, client_agrees=agrees, **told):
        await page.site.kept.drop_draft(page.actor.user, f"handover {person_id}")
        return page.go(f"/predani/{handover_id}", notice="sent")
    return await _offering(page, of, form)


@router.get("/vymaz")
async def erasing(page: Signed, person_id: UUID) -> Response:
    """For the data protection officer, who decides without reading the record."""
    page.only(Role.DPO)
    return await page.render("clients/erasure.html", form=page.blank(), person_id=person_id)


@router.post("/vymaz")
async def erase(page: Signed, person_id: UUID) -> Response:
    form = await page.form()
    if not page.has(Role.DPO) or form["what"] not in ERASURE:
        raise NotHere
    if form["what"] == "vymazat" and not form.checked("sure"):
        lacking(page, form, "sure")
    elif await page.do(ERASURE[form["what"]], form, person_id=person_id, **form.take("reason")):
        return page.go(f"/klienti/{person_id}/vymaz", notice="done")
    return await page.render("clients/erasure.html", form.status, form=form, person_id=person_id)


async def _changing(page: Page, of: Client, act: str, form: Form) -> Response:
    """Raises NotHere for what cannot be done now, or not by this person; after a refusal the form stays."""
    if act not in PERSON_ACTS or (act not in possible(page, of, PERSON_ACTS) and form.refused is None):
        raise NotHere
    people: list[PersonSummary] = []
    if act == "spojit":
        text, offered = form["text"].strip(), FEW if form["text"].strip() else PEOPLE_OFFERED
        found = await alike(page, text, offered + 1) if text else await latest(page, offered + 1)
        people = [one for one in found if one.person_id != of.card.person_id][:offered]
    return await page.render(
        "clients/change.html",
        form.status,
        form=form,
        client=of,
        act=act,
        candidates=people,
        Sex=Sex,
        AgeBand=AgeBand,
        Housing=Housing,
        PlanOutcome=PlanOutcome,
        municipalities=list(MUNICIPALITIES.values()),
    )


async def _offering(page: Page, of: Client, form: Form) -> Response:
    await page.site.names.ready(page)
    found = other_teams(page, of)
    if not found:
        raise NotHere
    return await page.render("clients/offer.html", form.status, form=form, client=of, teams=found)
