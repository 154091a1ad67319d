"""The organisation and its network: keys and their fingerprints, whom we trust, with whom we exchange letters.

A fingerprint is typed in by a person who got it outside the system. Cutting an organisation off takes one
administrator; taking it back, or pinning another root, takes two.
"""

import asyncio
from uuid import UUID

from fastapi import Response

from libs.codelists import OrganisationKind, Role
from libs.eventlog import Command
from services.courier.correspondence.views import Correspondences, Counters, LettersWaiting, LetterWaiting
from services.identity.membership.commands import (
    PinOrganisation,
    ReinstateOrganisation,
    ReplaceRoot,
    RevokeOrganisation,
)
from services.identity.membership.views import (
    OrganisationDetail,
    OrganisationDetailView,
    Organisations,
    OrganisationView,
)
from services.portal.web.form import Form
from services.portal.web.page import Page, Pages, Signed

HERE = "/nastaveni/organizace"

router = Pages()


@router.get(HERE)
async def organisations(page: Signed) -> Response:
    """Our own first, then everybody we know, the revoked ones last."""
    found = await page.ask(Organisations, OrganisationView, limit=10_000)
    others = [one for one in found if one.organisation_id != page.organisation]
    return await page.render(
        "settings/organisations.html",
        own=next((one for one in found if one.organisation_id == page.organisation), None),
        others=sorted(others, key=lambda one: one.state == "revoked"),
        administers=_administers(page),
    )


@router.get(f"{HERE}/nova")
async def new(page: Signed) -> Response:
    page.only(Role.NODE_ADMINISTRATOR)
    form = page.blank()
    return await _new(page, form)


@router.post(f"{HERE}/nova")
async def pin(page: Signed) -> Response:
    """Spaces in a fingerprint help the eye only."""
    page.only(Role.NODE_ADMINISTRATOR)
    form = await page.form()
    told = form.take("organisation_id", "code", "name", "kind", "hub_account")
    fingerprint = _fingerprint(form) or None
    if await page.do(PinOrganisation, form, root_fingerprint=fingerprint, **told) is None:
        return await _new(page, form)
    page.site.names.forget()
    return page.go(HERE, notice="added")


@router.get("/nastaveni/sdileni")
async def sharing(page: Signed) -> Response:
    """Whom letters go to and come from. What they say is nowhere here."""
    counters, waiting, found = await asyncio.gather(
        page.ask(Correspondences, Counters, limit=5_000),
        page.ask(LettersWaiting, LetterWaiting, limit=5_000),
        page.ask(Organisations, OrganisationView, limit=10_000),
    )
    return await page.render(
        "settings/sharing.html",
        counters=sorted(counters, key=lambda one: -(one.sent + one.received)),
        waiting={one.partner_id for one in waiting},
        silent=_silent(found, counters, page.organisation),
    )


@router.get(f"{HERE}/{{organisation_id}}")
async def organisation(page: Signed, organisation_id: UUID) -> Response:
    return await _card(page, organisation_id)


@router.get(f"{HERE}/{{organisation_id}}/vyradit")
async def before_revoking(page: Signed, organisation_id: UUID) -> Response:
    page.only(Role.NODE_ADMINISTRATOR)
    return await _revoking(page, organisation_id, page.blank())


@router.post(f"{HERE}/{{organisation_id}}/vyradit")
async def revoke(page: Signed, organisation_id: UUID) -> Response:
    form = await page.form()
    if await page.do(RevokeOrganisation, form, organisation_id=organisation_id, **form.take("reason")) is None:
        return await _revoking(page, organisation_id, form)
    return _changed(page, organisation_id, "saved")


@router.post(f"{HERE}/{{organisation_id}}/vratit")
async def reinstate(page: Signed, organisation_id: UUID) -> Response:
    return await _by_two(page, organisation_id, ReinstateOrganisation, await page.form())


@router.post(f"{HERE}/{{organisation_id}}/otisk")
async def replace_root(page: Signed, organisation_id: UUID) -> Response:
    form = await page.form()
    return await _by_two(page, organisation_id, ReplaceRoot, form, root_fingerprint=_fingerprint(form) or None)


async def _by_two(
    page: Page, organisation_id: UUID, command: type[Command], form: Form, **told: str | None
) -> Response:
    page.only(Role.NODE_ADMINISTRATOR)
    if await page.do(command, form, organisation_id=organisation_id, **told) is None:
        return await _card(page, organisation_id, form)
    return _changed(page, organisation_id, "confirmed")


def _changed(page: Page, organisation_id: UUID, notice: str) -> Response:
    page.site.names.forget()
    return page.go(f"{HERE}/{organisation_id}", notice=notice)


async def _card(page: Page, organisation_id: UUID, form: Form | None = None) -> Response:
    found = await page.one(OrganisationDetail, OrganisationDetailView, organisation_id=organisation_id)
    return await page.render(
        "settings/organisation.html",
        status=form.status if form else 200,
        form=form or page.blank(),
        found=found,
        is_own=organisation_id == page.organisation,
        administers=_administers(page),
    )


async def _revoking(page: Page, organisation_id: UUID, form: Form) -> Response:
    found = await page.one(OrganisationDetail, OrganisationDetailView, organisation_id=organisation_id)
    return await page.render("settings/revoking.html", status=form.status, form=form, found=found)


async def _new(page: Page, form: Form) -> Response:
    return await page.render(
        "settings/new_organisation.html", status=form.status, form=form, OrganisationKind=OrganisationKind
    )


def _silent(found: list[OrganisationView], counters: list[Counters], own: UUID) -> list[OrganisationView]:
    """Members with whom no letter was exchanged so far."""
    known = {one.partner_id for one in counters} | {own}
    return [one for one in found if one.state == "member" and one.organisation_id not in known]


def _fingerprint(form: Form) -> str:
    return "".join(form["root_fingerprint"].split())


def _administers(page: Page) -> bool:
    return page.has(Role.NODE_ADMINISTRATOR)
