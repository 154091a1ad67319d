"""Real servers of our own: PostgreSQL and NATS from wheels, one folder each, gone when we are gone."""

from libs.servers.child import Child
from libs.servers.errors import AlreadyRunning, NoServerHere, ServerFailed
from libs.servers.lock import FolderLock
from libs.servers.nats import EmbeddedNats
from libs.servers.postgres import EmbeddedPostgres

__all__ = [
    "AlreadyRunning",
    "Child",
    "EmbeddedNats",
    "EmbeddedPostgres",
    "FolderLock",
    "NoServerHere",
    "ServerFailed",
]
