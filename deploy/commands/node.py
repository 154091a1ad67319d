"""`./spojka node`: make the folder of a real node, and its databases.

keys/                        node.key, the organisation's keys, hub/ the account there; nobody else ever has them
node.toml                    settings, to be edited
portal.toml bus-users.toml   who may call the API (hashes); passwords of the node's NATS
nats.conf bus.conf           for nats-server, started in this folder; bus.conf follows from bus-users.toml
jetstream/                   what NATS stores; may be lost
compose.env                  for deploy/docker/compose.yaml, with `--containers` only
"""

import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
from rich.console import Console

from deploy.local.bus import DATABASES, bus_config, bus_users
from deploy.local.folder import Organisation, let_in, make_keys
from deploy.nats import MemberAccount
from libs.codelists import OrganisationKind, Role
from libs.eventlog import new_id
from libs.sealing import OrganisationKeys, write_private
from libs.servers import ServerFailed
from libs.servers import databases as on_server
from libs.service import Settings, SettingsMistake

ADMIN_URL = "SPOJKA_POSTGRES_ADMIN_URL"
OWNER = "spojka"


@dataclass(frozen=True)
class Places:
    """Where the parts of a node find each other."""

    postgres: str
    nats: str
    portal: str


HERE = Places("127.0.0.1", "127.0.0.1", "127.0.0.1")
CONTAINERS = Places("postgres", "nats", "0.0.0.0")
"""By the names of their containers; the portal's port is published on 127.0.0.1 by the engine."""


def new(folder: Path, *, code: str, name: str, kind: str, containers: bool) -> int:
    """Make it beside and rename it: what was interrupted leaves no half of a node. Raises SettingsMistake."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SettingsMistake(f"There is something in {folder} already. Nothing was touched. Name a new folder.")
    if kind not in set(OrganisationKind):
        raise SettingsMistake(f"There is no kind {kind}. Nothing was made. There is: {', '.join(OrganisationKind)}.")
    folder = folder.absolute()
    beside = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        token = _make(beside, Organisation(code, name, kind, new_id()), CONTAINERS if containers else HERE)
        if containers:
            write_private(beside / "compose.env", _compose_env(folder))
        settings = Settings.from_file(beside / "node.toml")
        beside.replace(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    _tell(folder, settings, token)
    return 0


def databases(node_toml: Path) -> int:
    """One database per service and their owner, as `store.url` names them. Repeatable. Raises ServerFailed."""
    url = urlsplit(Settings.from_file(node_toml).store.url)
    admin_url = os.environ.get(ADMIN_URL, "")
    if not (url.username and admin_url):
        raise SettingsMistake(
            f"Nothing was made. Name a superuser in {ADMIN_URL}, and a user and password in store.url of {node_toml}."
        )
    role = on_server.quoted(unquote(url.username))
    password = unquote(url.password or "").replace("'", "''")
    make = f"create role {role}; exception when duplicate_object then null; end $$"
    try:
        on_server.run_sql(admin_url, f"do $$ begin {make}", f"alter role {role} login password '{password}'")
        for service in DATABASES:
            on_server.create_database(admin_url, service, owner=unquote(url.username))
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise ServerFailed(
            f"PostgreSQL did not make the databases ({type(error).__name__}). Those that are there are as they were. "
            f"See whether {ADMIN_URL} names a superuser of a running server, and run it again."
        ) from None
    print(f"{', '.join(DATABASES)}: there, owned by {unquote(url.username)}")
    return 0


def _make(folder: Path, one: Organisation, places: Places) -> str:
    """All of a node's files. Returns the first token: it is stored nowhere."""
    keys = folder / "keys"
    for made in (folder, keys, keys / "hub", folder / "jetstream"):
        made.mkdir(mode=0o700, parents=True)
    make_keys(keys, one.id)
    account = MemberAccount(keys / "hub")
    account.renew()
    write_private(folder / "bus.conf", bus_config(bus_users(folder / "bus-users.toml")))
    write_private(folder / "nats.conf", NATS_CONF)
    write_private(folder / "node.toml", _node_toml(one, places, account.public))
    token = secrets.token_urlsafe(32)
    let_in(folder / "portal.toml", token, one.id, (Role.NODE_ADMINISTRATOR.value,))
    return token


def _tell(folder: Path, settings: Settings, token: str) -> None:
    keys = OrganisationKeys.load(folder / "keys")
    say = Console(highlight=False, soft_wrap=True).print
    say(f"{folder}: made. Edit node.toml, then see docs/runbook/new-member.md and deploy/docker/README.md.")
    say(f"id                {settings.organisation.id}")
    say(f"root fingerprint  {keys.fingerprint}")
    say(f"hub account       {MemberAccount(folder / 'keys' / 'hub').public}")
    say(f"first token       {token}    (of a node administrator; shown this once)", markup=False)
    say(f"Print {folder}/keys/root.json and take it off this machine.")
    say(f"Back up {folder}/keys: they cannot be made again.")


NATS_CONF = """# nats-server -c nats.conf, started in this folder. Nobody but this node's services needs to reach it.
host: 127.0.0.1
port: 4222
http: 127.0.0.1:8222
jetstream { store_dir: "jetstream", sync_interval: "1m" }
include ./bus.conf
"""


def _node_toml(one: Organisation, places: Places, account: str) -> str:
    password = secrets.token_urlsafe(24)
    return f"""# Relative paths count from this folder. A mistake is told at the start, with its name and an example.

[organisation]
id = "{one.id}"  # stays for ever: the keys are signed for it
code = {_quoted(one.code)}
name = {_quoted(one.name)}
kind = {_quoted(one.kind)}

[store]
# One database per service; {{database}} stands as it is. `./spojka node databases` makes them, and this user.
url = "postgresql://{OWNER}:{password}@{places.postgres}:5432/{{database}}"

[bus]
# The node's own nats-server, nobody else's.
url = "nats://{places.nats}:4222"
users = "bus-users.toml"

[keys]
folder = "keys"

[portal]
# Plain HTTP: put a server with TLS in front of it.
host = "{places.portal}"
port = 8080
token_file = "portal.toml"
# origin = "https://spojka.example.org"  # where browsers reach it; passkeys are bound to it
# proxies = ["10.0.0.2"]                 # its address, if that server runs on another machine

# People sign in with passkeys, or passwords and codes; beside that by your own OpenID Connect provider:
# [portal.oidc]
# issuer = "https://login.example.org/realms/town"
# client_id = "spojka"
# client_secret_file = "keys/oidc.secret"
# claim = "sub"

# Without a hub the organisation works alone and letters wait. Its operator admits this account:
# [hub]
# url = "tls://hub.example.org:4222"
# credentials = "keys/hub/courier.creds"
# account = "{account}"

# [telemetry]
# otlp = "http://127.0.0.1:4318"
"""


def _compose_env(folder: Path) -> str:
    return f"""# docker compose --env-file {folder}/compose.env -f deploy/docker/compose.yaml up -d
SPOJKA_FOLDER={folder}
SPOJKA_UID={os.getuid()}
SPOJKA_GID={os.getgid()}
SPOJKA_POSTGRES_PASSWORD={secrets.token_hex(24)}
SPOJKA_PORTAL=127.0.0.1:8080
"""


def _quoted(text: str) -> str:
    """A TOML string."""
    return json.dumps(text, ensure_ascii=False)
