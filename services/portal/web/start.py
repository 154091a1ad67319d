"""The pages of a node, ready to be mounted: their database, their templates, everything they share."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import asyncpg
from fastapi import APIRouter, FastAPI
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from libs.messaging import Bus, Published
from libs.privacy import NodeKey
from libs.service import Settings, SettingsMistake
from libs.service.migrate import migrate
from services.portal.web import icons
from services.portal.web.assets import Assets
from services.portal.web.finder import Finder
from services.portal.web.kept import MIGRATIONS, Kept
from services.portal.web.language import Language, languages
from services.portal.web.look import Looks
from services.portal.web.mount import make_pages
from services.portal.web.names import Names
from services.portal.web.session import Sessions
from services.portal.web.site import Site, aggregates_of, questions_of

TEMPLATES = Path(__file__).with_name("templates")
DATABASE = "portal"
PAGES = (
    "home",
    "contacts",
    "contact_record",
    "client_households",
    "clients",
    "client_changes",
    "client_agreement",
    "client_plan",
    "client_goals",
    "client_sharing",
    "handovers",
    "referrals",
    "incoming",
    "conferences",
    "conference",
    "conference_work",
    "conference_minutes",
    "conference_measures",
    "tasks",
    "directory",
    "guidance",
    "public",
    "reports",
    "projects",
    "territory",
    "look",
    "settings",
    "network",
    "operations",
    "drafts",
    "search",
    "help",
    "account",
    "sign_in",
    "invitation",
    "provider",
    "gallery",
)
"""Modules of pages/, in the order their routes are tried."""


@asynccontextmanager
async def pages_of(settings: Settings, published: Sequence[Published], bus: Bus) -> AsyncGenerator[FastAPI]:
    """Every page of a node. Raises SettingsMistake if its database cannot be used."""
    url = settings.store.url.replace("{database}", DATABASE)
    try:
        pool = await asyncpg.create_pool(url, min_size=1, max_size=4, timeout=5, command_timeout=10)
    except (OSError, asyncpg.PostgresError) as error:
        raise SettingsMistake(
            f"store.url: the database `{DATABASE}` cannot be used ({type(error).__name__}). Nothing was started. "
            "Make it with `./spojka node databases NODE.toml`, or start PostgreSQL."
        ) from None
    try:
        async with pool.acquire() as db:
            await migrate(db, [MIGRATIONS])
        site = make_site(settings, published, bus, pool)
        await site.looks.load()
        yield make_pages(site, routers())
    finally:
        await pool.close()


def make_site(
    settings: Settings, published: Sequence[Published], bus: Bus, pool: "asyncpg.Pool[Any]", *, fresh: bool = False
) -> Site:
    """fresh: read templates anew when they change."""
    node_key = NodeKey.from_file(settings.path(settings.keys.folder) / "node.key")
    names, assets, spoken = Names(), Assets(), languages()
    return Site(
        organisation=settings.organisation,
        bus=bus,
        sessions=Sessions(settings, bus, node_key),
        kept=Kept(pool, node_key),
        names=names,
        finder=Finder(),
        assets=assets,
        looks=Looks(pool),
        languages=spoken,
        environments={name: environment(one, names, assets, fresh=fresh) for name, one in spoken.items()},
        questions=questions_of(published),
        aggregates=aggregates_of(published),
        services=[one.service for one in published],
    )


def environment(language: Language, names: Names, assets: Assets, *, fresh: bool = False) -> Environment:
    """Templates in one language. A name nobody gave is a fault, never an empty place."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=fresh,
        extensions=["jinja2.ext.do"],
    )
    language.install(made)
    icons.install(made)
    assets.install(made)
    cast(Any, made.filters).update(organisation=names.organisation, worker=names.worker)
    return made


def routers() -> list[APIRouter]:
    """The routers of all modules of pages/."""
    return [import_module(f"services.portal.web.pages.{name}").router for name in PAGES]
