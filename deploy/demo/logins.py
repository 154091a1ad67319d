"""How the fictional people sign in at their node's pages: a login name each, one password for all of them.

Only a node whose settings say `demonstration = true` takes a password alone.
"""

from collections.abc import Iterable
from unicodedata import combining, normalize

from deploy.demo.people import PEOPLE, Person
from deploy.local.folder import NodeFolder
from libs.codelists import Role
from libs.eventlog import Actor, new_id
from libs.messaging import Bus, Place, connect
from libs.messaging.subjects import door_subject
from libs.privacy import CLEAR, Personal
from libs.service import Settings
from services.identity.sign_in.messages import LetInDemonstration

PASSWORD = "smysleni-lide"
PORTAL = "portal"


def login_of(person: Person) -> str:
    """`Šimon Kareš` → `simon.kares`"""
    plain = "".join(one for one in normalize("NFD", person.name.casefold()) if not combining(one))
    return ".".join(plain.split())


async def let_in(node: NodeFolder, people: Iterable[Person] = PEOPLE) -> None:
    """Give a node's people their logins. Repeatable."""
    settings = Settings.from_file(node.folder / "node.toml")
    one = settings.organisation.id
    setup = Actor(user=new_id(), organisation=one, roles=frozenset({Role.NODE_ADMINISTRATOR.value}))
    place = Place(url=settings.bus.url, user=PORTAL, password=settings.password(PORTAL), name="demonstration")
    nc = await connect(place)
    try:
        for person in people:
            if person.organisation == node.organisation:
                login, password = Personal(login_of(person)), Personal(PASSWORD)
                asked = LetInDemonstration(actor=setup, user_id=person.id, name=login, password=password)
                body = asked.model_dump_json(context=CLEAR).encode()
                await Bus(nc).ask("identity", door_subject("identity", LetInDemonstration), body)
    finally:
        await nc.close()
