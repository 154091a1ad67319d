"""How every service is put together: settings, wiring, endpoints, telemetry, lifecycle."""

from libs.eventlog.sql import Sql, named_queries
from libs.service.declaration import Answers, Forgets, Reaction, Service, forgets, on
from libs.service.run import run, running, serve
from libs.service.running import Running
from libs.service.settings import Settings, SettingsMistake

__all__ = [
    "Answers",
    "Forgets",
    "Reaction",
    "Running",
    "Service",
    "Settings",
    "SettingsMistake",
    "Sql",
    "forgets",
    "named_queries",
    "on",
    "run",
    "running",
    "serve",
]
