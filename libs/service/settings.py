"""Settings of a node, read once from its `node.toml`. A mistake stops the start with the setting's name."""

import tomllib
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from libs.eventlog import Frozen

EXAMPLE = {
    "organisation.id": 'id = "0198c0de-0000-7000-8000-000000000001"',
    "organisation.code": 'code = "pristav"',
    "organisation.name": 'name = "Přístav, z. s."',
    "organisation.kind": 'kind = "ngo_service"',
    "store.url": 'url = "postgresql://spojka@localhost:5432/{database}"',
    "bus.url": 'url = "nats://127.0.0.1:4222"',
    "bus.users": 'users = "bus-users.toml"',
    "keys.folder": 'folder = "keys"',
    "hub.url": 'url = "nats://hub.example.org:4222"',
    "hub.credentials": 'credentials = "keys/hub.creds"',
    "hub.account": 'account = "A…"  # public account key, as given to the operator of the hub',
    "portal.port": "port = 8080",
    "portal.token_file": 'token_file = "portal.token"',
    "portal.origin": 'origin = "https://spojka.example.org"',
    "portal.oidc.issuer": 'issuer = "https://login.example.org/realms/town"',
    "portal.oidc.client_id": 'client_id = "spojka"',
    "portal.oidc.client_secret_file": 'client_secret_file = "keys/oidc.secret"',
}
THIS_MACHINE = r"http://(?:localhost|127\.0\.0\.1)(?::\d+)?"
"""Without TLS only here: anywhere else a browser would not keep the session's cookie."""


class SettingsMistake(Exception):
    """The configuration cannot be used; the text says which setting, why, and shows an example."""


class Organisation(Frozen):
    """Who runs this node."""

    id: UUID
    code: str = Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")
    name: str
    kind: str


class Store(Frozen):
    """PostgreSQL; `{database}` in the address stands for the service's name."""

    url: str = Field(pattern=r"\{database\}")


class BusPlace(Frozen):
    """The node's own NATS; `users` is a TOML file with a password per service."""

    url: str = Field(pattern=r"^(nats|tls)://")
    users: Path | None = None


class Keys(Frozen):
    """Folder of key files, outside the data volume."""

    folder: Path


class Hub(Frozen):
    """Where letters go. Without it the organisation works alone and everything waits."""

    url: str = Field(pattern=r"^(nats|tls)://")
    credentials: Path
    account: str = Field(pattern=r"^A[A-Z2-7]{55}$")


class Provider(Frozen):
    """The organisation's own OpenID Connect provider. `claim`: what identifies a person there for good."""

    issuer: str = Field(pattern=rf"^(https://[^/?#]+|{THIS_MACHINE})(/[^?#]*)?$")
    client_id: str
    client_secret_file: Path
    claim: str = "sub"


class Portal(Frozen):
    """The web side.

    token_file      who may call the API of this node
    origin          where browsers reach it; empty: at this machine
    proxies         addresses of servers in front of it, whose word on where somebody comes from counts
    demonstration   the people are fictional, and a password alone is enough
    """

    host: str = "127.0.0.1"
    port: int = Field(ge=0, le=65_535)
    token_file: Path
    origin: str = Field(default="", pattern=rf"^(https://[^/?#]+|{THIS_MACHINE})?$")
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    demonstration: bool = False
    oidc: Provider | None = None


class Telemetry(Frozen):
    """Address of an OTLP/HTTP collector; empty: traces and metrics stay off."""

    otlp: str = ""


class Settings(BaseSettings):
    """One node. Relative paths count from the folder of the file."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="SPOJKA_", env_nested_delimiter="__")

    organisation: Organisation
    store: Store
    bus: BusPlace
    keys: Keys
    hub: Hub | None = None
    portal: Portal | None = None
    telemetry: Telemetry = Telemetry()
    folder: Path = Path()

    @classmethod
    def from_file(cls, file: Path) -> "Settings":
        """Raises SettingsMistake, naming every setting that is wrong."""
        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise SettingsMistake(f"There is no file {file}. Make one with `./spojka node new FOLDER`.") from None
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsMistake(f"{file} cannot be read as TOML: {error}") from None
        try:
            return cls(**content, folder=file.parent.resolve())
        except ValidationError as error:
            raise SettingsMistake(f"{file}:\n" + "\n".join(_lines(error))) from None

    def path(self, relative: Path) -> Path:
        return relative if relative.is_absolute() else self.folder / relative

    def password(self, user: str) -> str:
        """The NATS password of a service; empty where the bus has no users."""
        if self.bus.users is None:
            return ""
        file = self.path(self.bus.users)
        try:
            return str(tomllib.loads(file.read_text())[user])
        except (OSError, KeyError, tomllib.TOMLDecodeError):
            raise SettingsMistake(f'bus.users: {file} has no password for `{user}`, e.g. {user} = "…"') from None


def _lines(error: ValidationError) -> list[str]:
    lines: list[str] = []
    for one in error.errors(include_url=False, include_input=False, include_context=False):
        name = ".".join(str(part) for part in one["loc"])
        table, _, key = name.rpartition(".")
        example = EXAMPLE.get(name, "")
        shown = f"\n    for example, under [{table}]:  {example}" if example else ""
        unknown: Any = "is not a setting" if one["type"] == "extra_forbidden" else one["msg"].lower()
        lines.append(f"  {key if not table else name}: {unknown}{shown}")
    return lines
