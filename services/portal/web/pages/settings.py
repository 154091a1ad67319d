"""Settings: who works here, in which roles and team, how they sign in. Administrators change; everybody may look."""

import asyncio
from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from fastapi import Response

from libs.codelists import Role
from libs.eventlog import Command, derived_id
from libs.messaging import RequestFailed
from libs.privacy import Personal
from services.identity.sign_in.messages import Invite, Link, ListLogins, Logins, LoginView, Recover
from services.identity.user.commands import AddUser, ChangeRoles, DisableUser, EnableUser, MoveToTeam, RenameUser
from services.identity.user.views import Users, UserView
from services.portal.web.form import Form, NotHere
from services.portal.web.page import Page, Pages, Signed
from services.portal.web.refusals import refused_by_service
from services.portal.web.words import folded

HERE = "/nastaveni/lide"
GRANTABLE = tuple(role for role in Role if role is not Role.NODE)

router = Pages()


@router.get("/nastaveni")
async def settings(page: Signed) -> Response:
    return await page.render("settings/settings.html", administers=_administers(page))


@router.get(HERE)
async def people(page: Signed) -> Response:
    """By team; who is in none comes last, closed accounts after them."""
    users = await page.ask(Users, UserView, limit=1000)
    is_open = [one for one in users if one.enabled]
    by_team = groupby(sorted(is_open, key=_team_first), key=lambda one: one.team)
    return await page.render(
        "settings/people.html",
        teams=[(team, list(members)) for team, members in by_team],
        closed=[one for one in users if not one.enabled],
        administers=_administers(page),
    )


@router.get(f"{HERE}/novy")
async def new(page: Signed) -> Response:
    page.only(Role.NODE_ADMINISTRATOR)
    form = page.blank()
    form.new_id("user_id")
    return await _new(page, form)


@router.post(f"{HERE}/novy")
async def add(page: Signed) -> Response:
    form = await page.form()
    user_id = form.uuid("user_id")
    told = {**form.take("name", "team"), "roles": form.many("roles")}
    if await page.do(AddUser, form, user_id=user_id, **told) is None:
        return await _new(page, form)
    page.site.names.forget()
    return page.go(f"{HERE}/{user_id}", notice="added")


@router.get(f"{HERE}/{{user_id}}")
async def person(page: Signed, user_id: UUID) -> Response:
    page.only(Role.NODE_ADMINISTRATOR)
    return await _person(page, user_id)


@router.post(f"{HERE}/{{user_id}}/udaje")
async def change(page: Signed, user_id: UUID) -> Response:
    """Name, roles and team, each only if it is another one now."""
    form = await page.form()
    now, sent = await _user(page, user_id), form.id
    for command, told in _changes(now, form):
        form.id = derived_id(sent, command.__name__)
        if await page.do(command, form, user_id=user_id, **told) is None:
            return await _person(page, user_id, form)
    page.site.names.forget()
    return page.go(f"{HERE}/{user_id}", saved=True)


@router.post(f"{HERE}/{{user_id}}/uzavrit")
async def close(page: Signed, user_id: UUID) -> Response:
    return await _switched(page, user_id, DisableUser, "closed")


@router.post(f"{HERE}/{{user_id}}/otevrit")
async def open_again(page: Signed, user_id: UUID) -> Response:
    return await _switched(page, user_id, EnableUser, "saved")


@router.post(f"{HERE}/{{user_id}}/pozvat")
async def invite(page: Signed, user_id: UUID) -> Response:
    """A link is shown once, to whoever made it; it is kept nowhere, so there is no page to come back to."""
    form = await page.form()
    asked = Invite(actor=page.actor, user_id=user_id, name=Personal(form["login"].strip()[:200] or "–"))
    return await _linked(page, user_id, form, asked)


@router.post(f"{HERE}/{{user_id}}/obnovit")
async def recover(page: Signed, user_id: UUID) -> Response:
    """The first administrator proposes, a second one gets the link."""
    return await _linked(page, user_id, await page.form(), Recover(actor=page.actor, user_id=user_id))


async def _switched(page: Page, user_id: UUID, command: type[Command], notice: str) -> Response:
    form = await page.form()
    if await page.do(command, form, user_id=user_id) is None:
        return await _person(page, user_id, form)
    page.site.names.forget()
    return page.go(f"{HERE}/{user_id}", notice=notice)


async def _linked(page: Page, user_id: UUID, form: Form, asked: Invite | Recover) -> Response:
    page.only(Role.NODE_ADMINISTRATOR)
    if page.session is None or not page.session.is_fresh:
        return page.go(f"/prihlaseni/znovu?dal={HERE}/{user_id}")
    try:
        made = await page.site.sessions.ask(asked, Link)
    except RequestFailed as failed:
        if failed.problem.kind != "rejected":
            raise
        form.refused = refused_by_service(failed.problem, page.site.languages[page.language])
        return await _person(page, user_id, form)
    if made.link is None:
        return page.go(f"{HERE}/{user_id}", notice="confirmed")
    address = f"{page.site.sessions.origin(page.request)}/pozvanka/{made.link.reveal()}"
    return await page.render("settings/link.html", user=await _user(page, user_id), address=address, until=made.until)


async def _person(page: Page, user_id: UUID, form: Form | None = None) -> Response:
    user, users, logins = await asyncio.gather(
        _user(page, user_id), page.ask(Users, UserView, limit=1000), _logins(page)
    )
    return await page.render(
        "settings/person.html",
        status=form.status if form else 200,
        form=form
        or page.blank(name=user.name.reveal() if user.name.is_clear else "", team=user.team, roles=user.roles),
        user=user,
        teams=_teams(users),
        is_known_at_door=logins is not None,
        login=next((one for one in logins or () if one.user_id == user_id), None),
        suggested=suggested_login(user.name.reveal()) if user.name.is_clear else "",
        roles=GRANTABLE,
        Role=Role,
    )


async def _new(page: Page, form: Form) -> Response:
    users = await page.ask(Users, UserView, limit=1000)
    return await page.render(
        "settings/new_person.html", status=form.status, form=form, teams=_teams(users), roles=GRANTABLE, Role=Role
    )


async def _user(page: Page, user_id: UUID) -> UserView:
    found = next((one for one in await page.ask(Users, UserView, limit=1000) if one.user_id == user_id), None)
    if found is None:
        raise NotHere
    return found


async def _logins(page: Page) -> Sequence[LoginView] | None:
    """How people sign in. None: the door does not say now."""
    try:
        return (await page.site.sessions.ask(ListLogins(actor=page.actor), Logins)).logins
    except RequestFailed:
        return None


def _changes(now: UserView, form: Form) -> list[tuple[type[Command], dict[str, Any]]]:
    changes: list[tuple[type[Command], dict[str, Any]]] = []
    name, team, roles = form["name"].strip(), form["team"].strip() or None, form.many("roles")
    if not now.name.is_clear or name != now.name.reveal():
        changes.append((RenameUser, {"name": name}))
    if set(roles) != set(now.roles):
        changes.append((ChangeRoles, {"roles": roles}))
    if team != now.team:
        changes.append((MoveToTeam, {"team": team}))
    return changes


def suggested_login(name: str) -> str:
    """`Šimon Kareš` → `simon.kares`; to be changed by whoever invites."""
    return ".".join("".join(sign for sign in part if sign.isalnum()) for part in folded(name).split())[:40]


def _teams(users: list[UserView]) -> list[str]:
    return sorted({one.team for one in users if one.team})


def _team_first(one: UserView) -> tuple[bool, str, str]:
    return one.team is None, one.team or "", folded(one.name.reveal()) if one.name.is_clear else ""


def _administers(page: Page) -> bool:
    return page.has(Role.NODE_ADMINISTRATOR)
