"""`./spojka user`: let a first person into a node, from the machine it runs on."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid5
from zoneinfo import ZoneInfo

from rich.console import Console

from libs.codelists import Role
from libs.eventlog import Actor, new_id
from libs.messaging import Bus, BusAway, Place, RequestFailed, connect
from libs.messaging.subjects import door_subject
from libs.privacy import CLEAR, Personal
from libs.service import Settings, SettingsMistake
from services.identity.sign_in.messages import Invite, Link
from services.identity.user.commands import AddUser

PRAGUE = ZoneInfo("Europe/Prague")
PORTAL = "portal"


def invite(node_toml: Path, *, name: str, login: str, roles: tuple[str, ...], team: str | None) -> int:
    """Make the account and print its single-use link. The same again makes a new link. Raises SettingsMistake."""
    settings = Settings.from_file(node_toml)
    if settings.portal is None:
        raise SettingsMistake(f"{node_toml} has no [portal]. Nothing was made: there would be no page to sign in at.")
    for role in roles:
        if role not in set(Role) - {Role.NODE}:
            there_is = ", ".join(sorted(set(Role) - {Role.NODE}))
            raise SettingsMistake(f"There is no role {role}. Nothing was made. There is: {there_is}.")
    try:
        made = asyncio.run(_invited(settings, name, login, tuple(Role(role) for role in roles), team))
    except BusAway as away:
        raise SettingsMistake(f"bus.url: {away}. Nothing was made. Start the node, then do it again.") from None
    except RequestFailed as failed:
        print(f"spojka: {failed.problem.sentence}", file=sys.stderr)
        return 1
    assert made.link is not None
    origin = settings.portal.origin or f"http://localhost:{settings.portal.port or 'PORT'}"
    say = Console(highlight=False, soft_wrap=True).print
    say(f"{origin}/pozvanka/{made.link.reveal()}", markup=False)
    say(f"Good once, until {made.until.astimezone(PRAGUE):%d. %m. %Y %H:%M}. Hand it over in person or by a safe way.")
    return 0


async def _invited(settings: Settings, name: str, login: str, roles: tuple[Role, ...], team: str | None) -> Link:
    """Speaks as the portal does; whoever reads this node's bus-users.toml may."""
    one = settings.organisation.id
    operator = Actor(user=one, organisation=one, roles=frozenset({Role.NODE_ADMINISTRATOR}))
    user = uuid5(one, f"user {login.casefold()}")
    add = AddUser(
        id=new_id(),
        actor=operator,
        occurred_at=datetime.now(UTC),
        user_id=user,
        name=Personal(name),
        roles=roles,
        team=team,
    )
    asked = Invite(actor=operator, user_id=user, name=Personal(login))
    user_of_bus = PORTAL if settings.bus.users else ""
    place = Place(url=settings.bus.url, user=user_of_bus, password=settings.password(PORTAL), name="spojka user")
    nc = await connect(place, patience_s=5)
    try:
        bus = Bus(nc)
        await bus.command("identity", "user", add)
        told = await bus.ask(
            "identity", door_subject("identity", Invite), asked.model_dump_json(context=CLEAR).encode()
        )
        return Link.model_validate(told)
    finally:
        await nc.close()
