"""The service agreement of one person, from the first talk about it to its end."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fastapi import Response

from libs.codelists import AgreementRefusal, LadderStage, Role
from services.cases.agreement.commands import (
    AmendAgreement,
    ChangeKeyWorker,
    ConcludeAgreement,
    EndAgreement,
    LapseNegotiation,
    OpenNegotiation,
    RefuseAgreement,
)
from services.cases.agreement.events import AgreementEnd, AgreementForm
from services.portal.web.form import PRAGUE, Form, NotHere
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.pages.client_card import Act, Client, client_of, possible
from services.portal.web.pages.people import KEY_WORKERS

BEFORE = (OpenNegotiation, ConcludeAgreement, RefuseAgreement)


def _may_conclude(client: Client) -> bool:
    return client.in_force is None and client.card.stage is not LadderStage.CLOSED


def _is_in_force(client: Client) -> bool:
    return client.in_force is not None


AGREEMENT_ACTS = {
    "jednani": Act(
        OpenNegotiation,
        fits=lambda client: _may_conclude(client) and client.negotiated is None,
        told=lambda form: form.take("client_order"),
    ),
    "uzavrit": Act(
        ConcludeAgreement,
        KEY_WORKERS,
        fits=_may_conclude,
        told=lambda form: form.take("form", "concluded_on", "key_worker", "client_order"),
    ),
    "odmitnout": Act(
        RefuseAgreement,
        (Role.TEAM_LEADER,),
        fits=_may_conclude,
        told=lambda form: form.take("reason", "refused_on", "note"),
    ),
    "bez-zajmu": Act(LapseNegotiation, fits=lambda client: client.negotiated is not None),
    "dodatek": Act(AmendAgreement, KEY_WORKERS, _is_in_force, lambda form: form.take("amended_on", "change")),
    "klicovy-pracovnik": Act(
        ChangeKeyWorker, (Role.TEAM_LEADER,), _is_in_force, lambda form: form.take("key_worker", "since")
    ),
    "skoncit": Act(EndAgreement, KEY_WORKERS, _is_in_force, lambda form: form.take("ending", "ended_on", "ground")),
}
"""By the last part of the address."""

router = Pages(prefix="/klienti/{person_id}/smlouva/{act}")


@router.get("")
async def show(page: Signed, person_id: UUID, act: str) -> Response:
    of = await client_of(page, person_id)
    today = datetime.now(UTC).astimezone(PRAGUE).date()
    days = dict.fromkeys(("concluded_on", "refused_on", "amended_on", "since", "ended_on"), today)
    form = await page.drafted(f"agreement {act} {person_id}", key_worker=of.key_worker or page.actor.user, **days)
    form.new_id("agreement_id")
    return await _shown(page, of, act, form)


@router.post("")
async def carry_out(page: Signed, person_id: UUID, act: str) -> Response:
    form, of = await page.form(), await client_of(page, person_id)
    if act not in AGREEMENT_ACTS:
        raise NotHere
    wanted = AGREEMENT_ACTS[act]
    told: dict[str, Any] = {"agreement_id": _agreement(of, form), **wanted.told(form)}
    if wanted.command in BEFORE:
        told["person_id"] = person_id
    if await page.do(wanted.command, form, **told) is None:
        return await _shown(page, of, act, form)
    await page.site.kept.drop_draft(page.actor.user, f"agreement {act} {person_id}")
    return page.go(f"{of.path}/plan", saved=True)


def _agreement(of: Client, form: Form) -> UUID:
    """The one it is about: in force, or negotiated, or begun with this form."""
    standing = of.in_force or of.negotiated
    return standing.agreement_id if standing else form.uuid("agreement_id")


async def _shown(page: Page, of: Client, act: str, form: Form) -> Response:
    if act not in AGREEMENT_ACTS or (act not in possible(page, of, AGREEMENT_ACTS) and form.refused is None):
        raise NotHere
    await page.site.names.ready(page)
    keepers = [one for one in page.site.names.users() if set(one.roles) & set(KEY_WORKERS)]
    return await page.render(
        "clients/agreement.html",
        form.status,
        form=form,
        client=of,
        act=act,
        forms=AgreementForm,
        AgreementEnd=AgreementEnd,
        ends=[one for one in AgreementEnd if one is not AgreementEnd.PROVIDER_NOTICE or page.has(Role.TEAM_LEADER)],
        refusals=AgreementRefusal,
        keepers=keepers,
    )
