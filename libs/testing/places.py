"""Settings for a service under test, over servers a fixture started."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from libs.eventlog import Actor, new_id
from libs.privacy import NodeKey
from libs.service import Settings
from libs.service.settings import BusPlace, Keys, Organisation, Store


def settings_for(folder: Path, database: str, nats_url: str, organisation: UUID | None = None) -> Settings:
    """One node whose every service uses this one database: for tests of a single service."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node.key").exists():
        NodeKey.create(folder / "node.key")
    return Settings(
        organisation=Organisation(
            id=organisation or new_id(), code="pristav", name="Přístav, z. s.", kind="ngo_service"
        ),
        store=Store.model_construct(url=database),
        bus=BusPlace(url=nats_url),
        keys=Keys(folder=folder),
        folder=folder,
    )


def actor(settings: Settings, *roles: str) -> Actor:
    """Somebody of this node, with these roles."""
    return Actor(user=new_id(), organisation=settings.organisation.id, roles=frozenset(roles))


NewDatabase = Callable[[], str]
