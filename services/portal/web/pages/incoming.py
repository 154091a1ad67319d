"""What has come to an OSPOD and waits for somebody: the most urgent first, each to be taken over by one worker."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from fastapi import Response

from libs.codelists import OrganisationKind, Orp, ospod_of
from services.cases.referral.commands import AcceptReferral
from services.cases.referral.common_state import Stage
from services.cases.referral.views import ReferralInList, Referrals
from services.directory.card.views import CardDetail, CardDetailView, Cards, CardView
from services.portal.web.form import Form, NotHere
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.referral.acts import RECIPIENTS
from services.portal.web.referral.course import Course, course_of, today_of

URGENCIES = ("acute", "soon", "routine")
OPEN = (Stage.RECEIVED, Stage.WAITING, Stage.WITHDRAWAL_PENDING)
TAKEN = (Stage.ACCEPTED, Stage.IN_PROGRESS)
router = Pages("/dorucena")


@router.get("")
async def incoming(page: Signed) -> Response:
    _only_ospod(page)
    rows = await page.ask(Referrals, ReferralInList, organisation=page.organisation, direction="received", limit=500)
    return await page.render(
        "incoming/list.html",
        waiting=_most_urgent_first([row for row in rows if row.stage in OPEN]),
        taken=[row for row in rows if row.stage in TAKEN],
        today=today_of(datetime.now(UTC)),
    )


@router.get("/{referral_id}")
async def detail(page: Signed, referral_id: UUID) -> Response:
    _only_ospod(page)
    return await _detail(page, await _received(page, referral_id), page.blank())


@router.post("/{referral_id}/prevzit")
async def take_over(page: Signed, referral_id: UUID) -> Response:
    """Accepted, by whoever pressed the button."""
    _only_ospod(page)
    course, form = await _received(page, referral_id), await page.form()
    done = await page.do(AcceptReferral, form, referral_id=referral_id, worker=page.actor.user)
    if done is None:
        return await _detail(page, course, form)
    return page.go(f"/odkazani/{referral_id}", "accepted")


def _only_ospod(page: Page) -> None:
    if page.kind is not OrganisationKind.OSPOD:
        raise NotHere


async def _received(page: Page, referral_id: UUID) -> Course:
    course = await course_of(page, referral_id)
    if course.is_ours:
        raise NotHere
    return course


async def _detail(page: Page, course: Course, form: Form) -> Response:
    elsewhere = await _competent_elsewhere(page, course.told.area)
    return await page.render(
        "incoming/detail.html",
        form.status,
        course=course,
        told=course.told,
        form=form,
        may_take=course.told.stage in (Stage.RECEIVED, Stage.WAITING)
        and course.told.worker is None
        and page.has(*RECIPIENTS),
        district=elsewhere,
        competent=await _offices_of(page, elsewhere),
        is_overdue=course.is_overdue(today_of(datetime.now(UTC))),
    )


async def _competent_elsewhere(page: Page, area: str | None) -> Orp | None:
    """The district the child lives in, when it is not one of ours (rule D02); None: it is ours, or unknown."""
    district = ospod_of(area) if area else None
    own = await page.ask(CardDetail, CardDetailView, organisation_id=page.organisation)
    if district is None or not own or district.code in own[0].serves_orp:
        return None
    return district


async def _offices_of(page: Page, district: Orp | None) -> list[CardView]:
    if district is None:
        return []
    return await page.ask(Cards, CardView, kind=OrganisationKind.OSPOD, serves_orp=district.code)


def _most_urgent_first(rows: Sequence[ReferralInList]) -> list[ReferralInList]:
    def pressing(row: ReferralInList) -> tuple[int, date]:
        return URGENCIES.index(row.urgency or "routine"), row.answer_due or date.max

    return sorted(rows, key=pressing)
