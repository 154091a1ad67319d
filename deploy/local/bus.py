"""The node's own NATS: one account, one user per service, each allowed what its work needs and nothing more.

No other organisation has a user here: the hub is another server, and the courier only ever dials out. So a
command can come from this node's portal and services alone.
"""

import secrets
import tomllib
from collections.abc import Sequence
from pathlib import Path

from libs.sealing import write_private

SERVICES = ("contacts", "cases", "directory", "identity", "reporting", "courier")
USERS = (*SERVICES, "portal", "operator")
DATABASES = (*SERVICES, "portal")
READS = ("$JS.API.CONSUMER.CREATE.*", "$JS.API.CONSUMER.CREATE.*.>", "$JS.API.CONSUMER.MSG.NEXT.*.*")


def bus_users(file: Path) -> dict[str, str]:
    """The passwords of the bus, made once: user → password, in a TOML file of mode 0600."""
    if not file.exists():
        write_private(file, "".join(f'{user} = "{secrets.token_urlsafe(32)}"\n' for user in USERS))
    return {user: str(password) for user, password in tomllib.loads(file.read_text()).items()}


def bus_config(users: dict[str, str]) -> str:
    """Configuration text for nats-server, beside host, port and store."""
    lines = "\n".join(_user(name, password) for name, password in users.items())
    return f"max_payload: 1MB\naccounts {{ NODE {{ jetstream: enabled, users: [\n{lines}\n] }} }}\n"


def _user(name: str, password: str) -> str:
    publish, subscribe = (_list(subjects) for subjects in _allowed(name))
    allowed = f"publish: {{ allow: {publish} }}, subscribe: {{ allow: {subscribe} }}, allow_responses: true"
    return f'{{ user: "{name}", password: "{password}", permissions: {{ {allowed} }} }}'


def _allowed(name: str) -> tuple[list[str], list[str]]:
    """(may publish, may subscribe). Every user has an inbox of its own, so nobody reads another's answers."""
    inbox = f"_INBOX.{name}.>"
    if name == "portal":
        return ["command.>", "query.>", "door.*.*", "state.*"], [inbox, "wake.*"]
    if name == "operator":
        return ["state.*", "refill.*", "$JS.API.>"], [inbox]
    own = [f"$JS.API.STREAM.{what}.{name.upper()}" for what in ("CREATE", "INFO", "DELETE", "MSG.GET")]
    publish = [f"event.{name}.>", f"wake.{name}", "refill.*", *own, *READS, "_INBOX.>"]
    subscribe = [
        inbox,
        f"command.{name}.>",
        f"query.{name}.>",
        f"refill.{name}",
        f"letter.{name}.*",
        f"door.{name}.*",
        f"state.{name}",
        f"wake.{name}",
    ]
    if name == "courier":
        publish += ["letter.*.receive", "letter.*.disclose"]
    return publish, subscribe


def _list(subjects: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{subject}"' for subject in subjects) + "]"
