"""Who asks: a bearer token → a user of this node → their roles as of now, told by `identity`.

The node's token file (`portal.token_file`) holds hashes, never tokens:

    [tokens]
    "<sha256 of the token, hex>" = { user = "<uuid>" }
    "<sha256 of the token, hex>" = { user = "<uuid>", roles = ["node_administrator"] }

The second form is for setting a node up, before it has users; delete the line afterwards. A changed file
counts at once; one that cannot be read lets nobody in.
"""

import hashlib
import hmac
import logging
import time
import tomllib
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints, ValidationError

from libs.codelists import Role
from libs.eventlog import Actor, Frozen
from libs.messaging import Bus, Problem, RequestFailed
from libs.service import SettingsMistake
from services.identity.user.views import UserRoles, UserRolesView
from services.portal.problems import SignInRefused

REMEMBERED_S = 5.0
UNKNOWABLE = Problem(
    kind="unavailable",
    code="unavailable",
    sentence="Who asks cannot be looked up at the moment. Nothing was recorded. Send the same again.",
)

log = logging.getLogger("spojka.portal")


class Entry(Frozen):
    """Whom a token stands for. roles: only for setting the node up; everybody else's are in `identity`."""

    user: UUID
    roles: frozenset[Literal[Role.NODE_ADMINISTRATOR]] = frozenset()


class TokenFile(Frozen):
    tokens: dict[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")], Entry]


def digest(token: str) -> str:
    """What the file keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class Tokens:
    """The token file. Raises SettingsMistake when made of a file that cannot be used."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stamp = self._stamp_now()
        self._entries = _read(file)

    def entry(self, token: str) -> Entry | None:
        """Compared by hash with every one, in constant time. Raises SettingsMistake after a bad change."""
        if (stamp := self._stamp_now()) != self._stamp:
            self._entries, self._stamp = _read(self._file), stamp
        asked, found = digest(token), None
        for known, entry in self._entries.items():
            if hmac.compare_digest(asked, known):
                found = entry
        return found

    def _stamp_now(self) -> tuple[int, int, int]:
        try:
            status = self._file.stat()
        except OSError:
            return (0, 0, 0)
        return (status.st_mtime_ns, status.st_size, status.st_ino)


class SignIn:
    """Makes an Actor of an `Authorization` header."""

    def __init__(self, tokens: Tokens, bus: Bus, organisation: UUID) -> None:
        self._tokens, self._bus, self._organisation = tokens, bus, organisation
        self._remembered: dict[UUID, tuple[float, Actor]] = {}

    async def actor(self, authorization: str | None) -> Actor:
        """Raises SignInRefused, or RequestFailed (`unavailable`) when nobody can tell."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise SignInRefused
        try:
            entry = self._tokens.entry(token.strip())
        except SettingsMistake:
            log.error("the token file cannot be used", extra={"error": "SettingsMistake"})
            raise RequestFailed(UNKNOWABLE) from None
        if entry is None:
            raise SignInRefused
        if entry.roles:
            return Actor(user=entry.user, organisation=self._organisation, roles=frozenset(entry.roles))
        until, actor = self._remembered.get(entry.user, (0.0, None))
        if actor is None or until < time.monotonic():
            actor = await self._ask(entry.user)
            self._remembered[entry.user] = (time.monotonic() + REMEMBERED_S, actor)
        return actor

    async def _ask(self, user: UUID) -> Actor:
        """Everybody may ask for their own roles; so the user does, without any."""
        myself = Actor(user=user, organisation=self._organisation)
        question = UserRoles(actor=myself, user_id=user)
        try:
            rows = await self._bus.query("identity", "user_roles", question, UserRolesView)
        except RequestFailed:
            raise RequestFailed(UNKNOWABLE) from None
        if not rows or not rows[0].enabled:
            self._remembered.pop(user, None)
            raise SignInRefused
        return myself.model_copy(update={"roles": frozenset(rows[0].roles), "team": rows[0].team})


def _read(file: Path) -> dict[str, Entry]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        return TokenFile.model_validate(content).tokens
    except FileNotFoundError:
        why = "there is no such file"
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        why = "it cannot be read as TOML"
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        why = f"an entry does not fit: {first['msg'].lower()}"
    raise SettingsMistake(
        f"portal.token_file: {file}: {why}. The portal let nobody in. It holds, for example:\n"
        '    [tokens]\n    "<sha256 of the token, 64 hex digits>" = { user = "<id of a user>" }'
    )
