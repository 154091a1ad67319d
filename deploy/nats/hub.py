"""The hub's operator: admits organisations, cuts them off, and writes the configuration of the server.

One account per organisation. It can send only as itself (`account_token_position`) and read only its own
letters (one stream each, named as the account). Members join, roll keys and leave while the hub runs. What
the operator knows is in its folder; the hub's whole store may be wiped, and `provision` builds it again.

The limit of all this: who holds the operator's key can act as anybody. Hence letters are sealed, and partners
trust pinned roots only.
"""

import json
import re
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StreamConfig
from nats.js.errors import BadRequestError
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from deploy.nats import jwt
from deploy.nats.connect import connected
from libs.sealing import SealingError, read_private, write_private

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
CONSUMER = "pull"
"""Every letter box has one durable consumer of this name."""
REPEATS = timedelta(minutes=2)
"""How long a box knows an id it was given. Every attempt has one of its own and is sent once; what comes twice all the
same, its recipient knows by its number. The server keeps these ids in memory: a day of them, at 200 letters a second,
would be two gigabytes."""
OTHER_SETTINGS = 10058
"""JetStream: a stream of this name exists with other settings."""

_OFFERED: tuple[tuple[str, int, bool], ...] = (
    # subject of the hub account, which of its tokens must name the importing account, many answers?
    ("x.*.>", 2, False),
    ("$JS.API.CONSUMER.MSG.NEXT.*.pull", 6, True),
    ("$JS.API.CONSUMER.INFO.*.pull", 5, False),
    ("$JS.ACK.*.pull.>", 3, False),  # acknowledgements come in two forms
    ("$JS.ACK.*.*.*.pull.>", 5, False),
)
HUB_EXPORTS: tuple[jwt.Export, ...] = tuple(
    {
        "name": f"e{i}",
        "type": "service",
        "subject": subject,
        "account_token_position": position,
        "response_type": "Stream" if many else "Singleton",
    }
    for i, (subject, position, many) in enumerate(_OFFERED)
)


class HubError(Exception):
    """The hub could not be told. The sentence says what is safe and what to do."""


class TokenRefused(HubError):
    """A member token that must never be pushed."""


@dataclass(frozen=True, slots=True)
class LetterBox:
    """Bounds of one organisation's letters at the hub. A full box refuses at once; senders keep and resend.

    per_sender   a subject is one sender, so nobody can fill another's letter box
    size         bytes of all letters together: twice what one sender can put there. JetStream promises at most three
                 quarters of its disk, so a hub of a thousand members wants a smaller box or 350 GB
    """

    per_sender: int = 200
    size: int = 2**28
    age: timedelta = timedelta(days=14)
    replicas: int = 1


class Member(BaseModel):
    """What the operator remembers of an organisation. revoked: user key → tokens issued until then are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    suspended: bool = False
    revoked: dict[str, int] = Field(default_factory=dict)


MEMBERS = TypeAdapter(dict[str, Member])


class HubOperator:
    """Keys and members of a hub, kept in a folder with mode 0600.

    operator.nk           the root: signs operator.jwt once, then belongs offline
    operator-signing.nk   signs account tokens; replaceable by the root
    system.nk, hub.nk     account keys of the server's own account and of the account that holds the letters
    members.json          who was admitted, suspended, revoked
    """

    def __init__(self, folder: Path, box: LetterBox | None = None) -> None:
        """Read the folder, or make new keys in an empty one."""
        self.folder, self.box = folder, box or LetterBox()
        if not (folder / "operator.jwt").exists():
            self._make()
        self.signing, self.system, self.hub = (self._key(name) for name in ("operator-signing", "system", "hub"))
        members = folder / "members.json"
        self.members = MEMBERS.validate_json(read_private(members)) if members.exists() else {}

    def config(self, port_file_dir: Path, store_dir: Path, port: int, host: str = "127.0.0.1") -> str:
        """Configuration of nats-server. Port -1: the server takes a free one and writes it into `port_file_dir`."""
        return f"""\
host: {json.dumps(host)}
port: {port}
ports_file_dir: {json.dumps(str(port_file_dir), ensure_ascii=False)}
jetstream {{ store_dir: {json.dumps(str(store_dir / "jetstream"), ensure_ascii=False)}, sync_interval: always }}
{self.operator_mode(store_dir)}"""

    def operator_mode(self, store_dir: Path) -> str:
        """The part of the configuration that makes a plain nats-server this operator's hub."""
        accounts = json.dumps(str(store_dir / "accounts"), ensure_ascii=False)  # nats-server knows no \\u escapes
        return f"""\
max_payload: 640KB
operator: {read_private(self.folder / "operator.jwt")}
system_account: {self.system.public}
resolver: {{ type: full, dir: {accounts}, allow_delete: true, interval: "2m" }}
resolver_preload: {{ {self.system.public}: {read_private(self.folder / "system.jwt")} }}
"""

    async def provision(self, hub_url: str) -> None:
        """Bring a hub to what the operator knows: the hub account, every member, every letter box. Repeatable."""
        async with self._system(hub_url) as system:
            await self._push(
                system, jwt.account("HUB", self.hub.public, self.signing, exports=HUB_EXPORTS, jetstream=True)
            )
            for public in self.members:
                await self._push(system, self._checked(self._token(public)))
        if self.members:
            async with self.letters(hub_url) as letters:
                for public in self.members:
                    await self._make_letter_box(letters, public)

    async def admit(self, hub_url: str, member_account_public: str, name: str) -> None:
        """Let an organisation in, or in again after a suspension. Raises HubError; then try again. Repeatable."""
        if not jwt.is_public("account", member_account_public):
            raise HubError("This is no public account key. Nothing was changed. Ask the organisation for it again.")
        if not NAME.fullmatch(name):
            raise HubError("A member's name is letters, digits and hyphens. Nothing was changed. Choose another.")
        known = self.members.get(member_account_public)
        self._remember(member_account_public, Member(name=name, revoked=known.revoked if known else {}))
        async with self._system(hub_url) as system:
            await self._push(system, self._checked(self._token(member_account_public)))
        async with self.letters(hub_url) as letters:
            await self._make_letter_box(letters, member_account_public)

    async def suspend(self, hub_url: str, member_account_public: str) -> None:
        """Cut an organisation off at once. Its letters wait; `admit` lets it in again."""
        known = self._known(member_account_public)
        suspended = Member(name=known.name, suspended=True, revoked=known.revoked)
        await self._change(hub_url, member_account_public, suspended)

    async def revoke_user(self, hub_url: str, member_account_public: str, user_public: str) -> None:
        """Refuse every token this user has had so far. The organisation's other users go on."""
        known = self._known(member_account_public)
        revoked = {**known.revoked, user_public: int(time.time()) + 1}
        changed = Member(name=known.name, suspended=known.suspended, revoked=revoked)
        await self._change(hub_url, member_account_public, changed)

    def member_imports(self, member: str) -> list[jwt.Import]:
        """All a member may have. `send.<to>` leaves as `x.<member>.<to>`; nobody else can write that subject."""
        subjects = (
            f"x.{member}.>",
            f"$JS.API.CONSUMER.MSG.NEXT.{member}.pull",
            f"$JS.API.CONSUMER.INFO.{member}.pull",
            f"$JS.ACK.{member}.pull.>",
            f"$JS.ACK.*.*.{member}.pull.>",
        )
        imports: list[jwt.Import] = [
            {"name": f"i{i}", "type": "service", "subject": subject, "account": self.hub.public}
            for i, subject in enumerate(subjects)
        ]
        imports[0]["local_subject"] = "send.>"
        return imports

    async def push(self, hub_url: str, token: str) -> None:
        """Give the hub a member's account token. Raises TokenRefused for one it must not have."""
        checked = self._checked(token)
        async with self._system(hub_url) as system:
            await self._push(system, checked)

    def _checked(self, token: str) -> str:
        """The server answers 200 to a token of a wrong issuer, stores it, and locks the member out after a restart."""
        try:
            claims = jwt.decode(token)
            member, nats = str(claims["sub"]), claims["nats"]
            imports, exports, signers = nats["imports"], nats["exports"], nats.get("signing_keys")
        except (jwt.NotAToken, LookupError, TypeError):
            raise TokenRefused("This is not an account token. Nothing was pushed.") from None
        if claims["iss"] != self.signing.public:
            raise TokenRefused("The issuer is not the operator's signing key. Nothing was pushed.")
        if not jwt.is_public("account", member) or member in (self.hub.public, self.system.public):
            raise TokenRefused("The subject is not a member's account. Nothing was pushed.")
        if imports not in ([], self.member_imports(member)):
            raise TokenRefused("The imports are not this member's own. Nothing was pushed.")
        if exports or signers:
            raise TokenRefused("A member exports nothing and has no foreign signing keys. Nothing was pushed.")
        return token

    def _token(self, member: str) -> str:
        known = self.members[member]
        return jwt.account(
            known.name,
            member,
            self.signing,
            imports=() if known.suspended else self.member_imports(member),
            limits={"conn": 0} if known.suspended else None,
            revoked_users=known.revoked,
        )

    async def _change(self, hub_url: str, member: str, changed: Member) -> None:
        self._remember(member, changed)  # first: a hub that is away learns it from the next `provision`
        async with self._system(hub_url) as system:
            await self._push(system, self._checked(self._token(member)))

    async def _push(self, system: Client, token: str) -> None:
        """Nothing is sent if the hub has it already: an update would interrupt the member's pulls."""
        claims = jwt.decode(token)
        held = await system.request(f"$SYS.REQ.ACCOUNT.{claims['sub']}.CLAIMS.LOOKUP", timeout=5)
        if _same(held.data, claims):
            return
        answer = json.loads((await system.request("$SYS.REQ.CLAIMS.UPDATE", token.encode(), timeout=5)).data)
        if "error" in answer:
            raise HubError(f"The hub did not take the account ({answer['error'].get('description')}). Try again.")

    async def _make_letter_box(self, letters: JetStreamContext, member: str) -> None:
        settings = StreamConfig(
            name=member,
            subjects=[f"x.*.{member}"],
            retention=RetentionPolicy.WORK_QUEUE,
            max_age=self.box.age.total_seconds(),
            max_bytes=self.box.size,
            max_msgs_per_subject=self.box.per_sender,
            discard=DiscardPolicy.NEW,
            discard_new_per_subject=True,
            duplicate_window=REPEATS.total_seconds(),
            num_replicas=self.box.replicas,
        )
        try:
            await letters.add_stream(settings)
        except BadRequestError as error:
            if error.err_code != OTHER_SETTINGS:
                raise
            await letters.update_stream(settings)
        pull = ConsumerConfig(durable_name=CONSUMER, ack_policy=AckPolicy.EXPLICIT, ack_wait=30, max_ack_pending=500)
        await letters.add_consumer(member, pull)

    @asynccontextmanager
    async def _system(self, hub_url: str) -> AsyncGenerator[Client]:
        async with self._told(), connected(hub_url, self.system, "operator") as client:
            yield client

    @asynccontextmanager
    async def letters(self, hub_url: str) -> AsyncGenerator[JetStreamContext]:
        """JetStream as the account that holds the letters: for watching and repair."""
        async with self._told(), connected(hub_url, self.hub, "provisioner") as client:
            yield client.jetstream(timeout=5)

    @asynccontextmanager
    async def _told(self) -> AsyncGenerator[None]:
        try:
            yield
        except (NatsError, OSError, TimeoutError) as error:
            raise HubError(
                f"The hub did not answer ({type(error).__name__}). What was told is kept here. Provision it again."
            ) from error

    def _known(self, member: str) -> Member:
        known = self.members.get(member)
        if known is None:
            raise HubError("No member has this account. Nothing was changed. Take the key from the list of members.")
        return known

    def _remember(self, public: str, member: Member) -> None:
        self.members = {**self.members, public: member}
        write_private(self.folder / "members.json", MEMBERS.dump_json(self.members, indent=1).decode())

    def _make(self) -> None:
        if any(self.folder.glob("*.nk")) and (self.folder / "members.json").exists():
            raise HubError("The operator token is missing beside its keys. Nothing was changed. Restore the folder.")
        root, signing = jwt.Key.make("operator"), jwt.Key.make("operator")
        system, hub = jwt.Key.make("account"), jwt.Key.make("account")
        for name, key in (("operator", root), ("operator-signing", signing), ("system", system), ("hub", hub)):
            write_private(self.folder / f"{name}.nk", key.seed)
        write_private(self.folder / "system.jwt", jwt.account("SYS", system.public, signing))
        operator = jwt.operator("exchange", root, system.public, [signing.public])
        write_private(self.folder / "operator.jwt", operator)  # last: whoever sees it finds the rest

    def _key(self, name: str) -> jwt.Key:
        try:
            return jwt.Key.from_seed(read_private(self.folder / f"{name}.nk"))
        except (SealingError, ValueError):
            raise HubError(f"The key {name}.nk is missing or damaged. Nothing was changed. Restore it.") from None


def _same(held: bytes, claims: jwt.Claims) -> bool:
    try:
        known = jwt.decode(held.decode())
    except (jwt.NotAToken, UnicodeDecodeError):
        return False
    return {**known, "iat": 0, "jti": ""} == {**claims, "iat": 0, "jti": ""}
