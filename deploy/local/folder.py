"""One organisation's node in one folder on this machine: keys, passwords, settings, servers, program.

keys/          node.key, the organisation's keys, the hub's credentials; mode 0600, outside `pg/` and its backups
node.toml      settings, written anew at every start: a server may have moved
bus-users.toml portal.toml   passwords and tokens of this node
pg/ nats/      the servers' own folders
logs/
"""

import hashlib
import json
import secrets
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from deploy.local.bus import DATABASES, bus_config, bus_users
from deploy.local.program import Program
from libs.privacy import NodeKey
from libs.sealing import OrganisationKeys, write_private
from libs.servers import EmbeddedNats, EmbeddedPostgres

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Organisation:
    """Who runs a node."""

    code: str
    name: str
    kind: str
    id: UUID


@dataclass
class NodeFolder:
    """A node of its own: `prepare()` once, then its three servers may be started in this order."""

    folder: Path
    organisation: Organisation
    hub_url: Callable[[], str] = lambda: ""
    hub_account: str = ""
    demonstration: bool = False
    postgres: EmbeddedPostgres = field(init=False)
    nats: EmbeddedNats = field(init=False)
    program: Program = field(init=False)

    def __post_init__(self) -> None:
        code, logs = self.organisation.code, self.folder / "logs"
        self.postgres = EmbeddedPostgres(self.folder / "pg", name=f"PostgreSQL of {code}", log=logs / "postgres.log")
        self.nats = EmbeddedNats(
            self.folder / "nats", name=f"NATS of {code}", jetstream="sync_interval: 1m", log=logs / "nats.log"
        )
        self.program = Program(
            f"node of {code}",
            [sys.executable, "-m", "deploy.node", str(self.folder / "node.toml"), "--ready", str(self.ready_file)],
            log=logs / "node.log",
            folder=ROOT,
            environment=self.write_settings,
            ready=lambda: self.ready_file.exists(),
        )

    @property
    def keys_folder(self) -> Path:
        return self.folder / "keys"

    @property
    def ready_file(self) -> Path:
        """Exists while the node answers; holds the portal's address."""
        return self.folder / "portal.address"

    @property
    def api_url(self) -> str:
        return self.ready_file.read_text().strip()

    @property
    def page_url(self) -> str:
        """Where a browser on this machine opens the pages: under this name it keeps the session's cookie."""
        return self.api_url.replace("//127.0.0.1:", "//localhost:")

    def prepare(self) -> None:
        """Make what is missing: folders, keys, passwords, tokens. What is there stays."""
        for folder in (self.folder, self.keys_folder, self.folder / "logs"):
            folder.mkdir(parents=True, exist_ok=True)
        self.keys_folder.chmod(0o700)
        make_keys(self.keys_folder, self.organisation.id)
        self.nats.config = bus_config(bus_users(self.folder / "bus-users.toml"))

    def keys(self) -> OrganisationKeys:
        return OrganisationKeys.load(self.keys_folder)

    def create_databases(self) -> None:
        """One database per service and the portal's, on this node's own server."""
        for name in DATABASES:
            self.postgres.create_database(name)

    def token(self, user: UUID, roles: tuple[str, ...] = ()) -> str:
        """The bearer token of a user of this node's API; made on first use. `roles` only for setting up."""
        clear, hashed = self.folder / "tokens.json", self.folder / "portal.toml"
        tokens: dict[str, str] = json.loads(clear.read_text()) if clear.exists() else {}
        if str(user) not in tokens:
            tokens[str(user)] = secrets.token_urlsafe(32)
            write_private(clear, json.dumps(tokens))
            let_in(hashed, tokens[str(user)], user, roles)
        return tokens[str(user)]

    def write_settings(self) -> Mapping[str, str]:
        """`node.toml` with the addresses of now. Given to the program's start; adds nothing to its environment."""
        self.ready_file.unlink(missing_ok=True)
        hub = ""
        if self.hub_account:
            hub = f'[hub]\nurl = "{self.hub_url()}"\naccount = "{self.hub_account}"\n'
            hub += 'credentials = "keys/hub/courier.creds"\n'
        one = self.organisation
        text = f"""[organisation]
id = "{one.id}"
code = "{one.code}"
name = "{one.name}"
kind = "{one.kind}"

[store]
url = "{self.postgres.url("DATABASE").replace("DATABASE", "{database}")}"

[bus]
url = "{self.nats.url}"
users = "bus-users.toml"

[keys]
folder = "keys"

[portal]
port = 0
token_file = "portal.toml"
{"demonstration = true" if self.demonstration else ""}

{hub}"""
        write_private(self.folder / "node.toml", text)
        return {}


def make_keys(folder: Path, organisation: UUID) -> None:
    """The node's key and the organisation's, where they are missing. What is there stays."""
    if not (folder / "node.key").exists():
        NodeKey.create(folder / "node.key")
    if not (folder / "key-set.jws").exists():
        OrganisationKeys.create(folder, organisation, datetime.now(UTC))


def let_in(file: Path, token: str, user: UUID, roles: tuple[str, ...] = ()) -> None:
    """Add a line to `portal.toml`: it holds the token's hash, never the token."""
    known = tomllib.loads(file.read_text())["tokens"] if file.exists() else {}
    digest = hashlib.sha256(token.encode()).hexdigest()
    entry: dict[str, object] = {"user": str(user), **({"roles": list(roles)} if roles else {})}
    write_private(file, _tokens_toml({**known, digest: entry}))


def _tokens_toml(tokens: Mapping[str, Mapping[str, object]]) -> str:
    lines = ["[tokens]"]
    for digest, entry in tokens.items():
        roles = f", roles = {json.dumps(entry['roles'])}" if "roles" in entry else ""
        lines.append(f'"{digest}" = {{ user = "{entry["user"]}"{roles} }}')
    return "\n".join(lines) + "\n"
