"""Referrals received and sent: the two lists, one referral as a thread, and every act on it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from fastapi import Response

from libs.codelists import MUNICIPALITIES
from services.cases.referral.common_state import Stage
from services.cases.referral.views import Direction, ReferralInList, Referrals, ReferralTask, ReferralTasks
from services.directory.card.views import Services, ServiceView
from services.portal.web.form import Form, NotHere
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.pages import referral_new
from services.portal.web.referral import writing
from services.portal.web.referral.acts import ACTS, RECIPIENTS, SENDERS, Act, offered, prefilled
from services.portal.web.referral.codes import CODE_LISTS
from services.portal.web.referral.course import (
    UNANSWERED,
    Course,
    course_of,
    reason_in_list,
    reason_of,
    today_of,
)
from services.portal.web.referral.people import offered_services, own_people, service_by_id

GROUPS: Mapping[Direction, Mapping[str, frozenset[Stage]]] = {
    "received": {
        "new": frozenset({Stage.RECEIVED, Stage.WITHDRAWAL_PENDING}),
        "waiting": frozenset({Stage.WAITING}),
        "running": frozenset({Stage.ACCEPTED, Stage.IN_PROGRESS}),
    },
    "sent": {
        "draft": frozenset({Stage.DRAFT}),
        "unanswered": UNANSWERED,
        "running": frozenset({Stage.ACCEPTED, Stage.IN_PROGRESS, Stage.WITHDRAWAL_PENDING}),
        "answered": frozenset(
            {
                Stage.DECLINED,
                Stage.REROUTED,
                Stage.EXPIRED,
                Stage.COMPLETED,
                Stage.FAILED,
                Stage.CANCELLED,
                Stage.WITHDRAWN,
            }
        ),
    },
}
"""What a list is divided into; all the rest is `ended`."""
router = Pages("/odkazani")
router.include_router(referral_new.router)


@router.get("")
async def begin(page: Signed) -> Response:
    return page.go("/odkazani/prijata")


@router.get("/prijata")
async def received(page: Signed, stav: str = "") -> Response:
    return await _list(page, "received", stav)


@router.get("/odeslana")
async def sent(page: Signed, stav: str = "") -> Response:
    return await _list(page, "sent", stav)


@router.get("/{referral_id}")
async def detail(page: Signed, referral_id: UUID) -> Response:
    course = await course_of(page, referral_id)
    told, now = course.told, datetime.now(UTC)
    people = await own_people(page, [told.person_id])
    return await page.render(
        "referrals/detail.html",
        course=course,
        told=told,
        knots=course.knots(),
        acts=offered(page, course),
        person=people.get(told.person_id) if told.person_id else None,
        service=await service_by_id(page, told.directory_entry) if told.directory_entry else None,
        proposed=await _proposed(page, course),
        is_overdue=course.is_overdue(today_of(now)),
        mail=course.mail(now),
        may_refer=page.has(*SENDERS),
    )


@router.get("/{referral_id}/{name}")
async def ask(page: Signed, referral_id: UUID, name: str, duvod: str = "") -> Response:
    """duvod: a reason code to begin with."""
    course = await course_of(page, referral_id)
    act = _act(page, course, name)
    key = writing.terms_key(referral_id) if act.name == "odeslat" else f"referral {name} {referral_id}"
    form = await page.drafted(key, **{"code": duvod} | prefilled(act, page, course, today_of(datetime.now(UTC))))
    return await _act_page(page, course, act, form)


@router.post("/{referral_id}/{name}")
async def act(page: Signed, referral_id: UUID, name: str) -> Response:
    course, form = await course_of(page, referral_id), await page.form()
    if name not in ACTS:
        raise NotHere
    act = ACTS[name]
    done = await page.do(act.command, form, referral_id=referral_id, **act.fields(form, course))
    if done is None:
        return await _act_page(page, course, act, form)
    for key in (form["draft"], writing.terms_key(referral_id) if name == "odeslat" else ""):
        if key:
            await page.site.kept.drop_draft(page.actor.user, key)
    return page.go(f"/odkazani/{referral_id}", act.notice if done.position else "already")


async def _list(page: Page, direction: Direction, group: str) -> Response:
    everything = await page.ask(Referrals, ReferralInList, organisation=page.organisation, limit=500)
    rows = [row for row in everything if row.direction == direction]
    is_mine = direction == "sent" and page.has(*SENDERS)
    tasks = await page.ask(ReferralTasks, ReferralTask, organisation=page.organisation) if is_mine else []
    grouped = {name: [row for row in rows if _group(row) == name] for name in (*GROUPS[direction], "ended")}
    chosen = group if group in grouped else ""
    shown = grouped[chosen] if chosen else [row for found in grouped.values() for row in found]
    today = today_of(datetime.now(UTC))
    return await page.render(
        "referrals/list.html",
        direction=direction,
        rows=_most_pressing_first(shown) if chosen in ("new", "unanswered") else shown,
        counts={name: len(found) for name, found in grouped.items()},
        chosen=chosen,
        total=len(rows),
        open_ones={one: sum(row.direction == one and _group(row) != "ended" for row in everything) for one in GROUPS},
        tasks=tasks,
        people=await own_people(page, (row.person_id for row in shown)) if direction == "sent" else {},
        today=today,
        waited={row.referral_id: (today - today_of(row.since)).days for row in rows if row.since},
        unanswered=UNANSWERED,
        reason_in_list=reason_in_list,
        reason_of=reason_of,
        may_refer=page.has(*SENDERS),
    )


def _group(row: ReferralInList) -> str:
    return next((name for name, stages in GROUPS[row.direction].items() if row.stage in stages), "ended")


def _most_pressing_first(rows: Sequence[ReferralInList]) -> list[ReferralInList]:
    return sorted(rows, key=lambda row: (row.answer_due is None, row.answer_due))


def _act(page: Page, course: Course, name: str) -> Act:
    """Raises NotHere for an act this person could not do."""
    if name not in ACTS or not ACTS[name].is_for(page, course):
        raise NotHere
    return ACTS[name]


async def _act_page(page: Page, course: Course, act: Act, form: Form) -> Response:
    await page.site.names.ready(page)
    return await page.render(
        "referrals/act.html",
        form.status,
        code_lists=CODE_LISTS,
        course=course,
        told=course.told,
        act=act,
        form=form,
        workers=[one for one in page.site.names.users() if not set(one.roles).isdisjoint(RECIPIENTS)],
        services=await offered_services(page) if act.name == "vratit" else [],
        places=[(place.code, place.name) for place in MUNICIPALITIES.values()],
    )


async def _proposed(page: Page, course: Course) -> list[ServiceView]:
    if not course.proposed:
        return []
    rows = await page.ask(Services, ServiceView, limit=1000)
    return [row for row in rows if row.service_id in course.proposed]
