"""NATS JWT v2: what the hub's operator and an organisation need, without the `nsc` tool.

Who signs what: the *operator key* stays offline and signs the operator token, which lists *operator signing
keys*; a signing key signs account tokens; an *account key* is made by the organisation itself and signs the
organisation's own users. The hub sees public keys only.
"""

import base64
import hashlib
import json
import os
import time
from binascii import crc_hqx
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NotRequired, TypedDict

import nkeys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Kind = Literal["operator", "account", "user"]
Claims = dict[str, Any]

_PREFIX: dict[Kind, int] = {
    "operator": nkeys.PREFIX_BYTE_OPERATOR,
    "account": nkeys.PREFIX_BYTE_ACCOUNT,
    "user": nkeys.PREFIX_BYTE_USER,
}
_UNLIMITED: dict[str, int | bool] = {
    "subs": -1,
    "data": -1,
    "payload": -1,
    "imports": -1,
    "exports": -1,
    "wildcards": True,
    "conn": -1,
    "leaf": -1,
}
_JETSTREAM: dict[str, int | bool] = {"mem_storage": 0, "disk_storage": -1, "streams": -1, "consumer": -1}
_HEAD = b'{"typ":"JWT","alg":"ed25519-nkey"}'


class Export(TypedDict):
    """What the hub account offers. The token at this position of the subject must be the importing account."""

    name: str
    type: Literal["service", "stream"]
    subject: str
    account_token_position: int
    response_type: Literal["Singleton", "Stream"]


class Import(TypedDict):
    """What a member account may use of the hub account, and under which name."""

    name: str
    type: Literal["service", "stream"]
    subject: str
    account: str
    local_subject: NotRequired[str]


class NotAToken(ValueError):
    """The text is not a token that its own issuer signed."""


@dataclass(frozen=True, slots=True)
class Key:
    """An nkey pair: `public` is what others may see, `seed` is the secret."""

    public: str
    seed: str = field(repr=False)

    @classmethod
    def make(cls, kind: Kind) -> "Key":
        return cls.from_seed(bytes(nkeys.encode_seed(os.urandom(32), _PREFIX[kind])).decode())

    @classmethod
    def from_seed(cls, seed: str) -> "Key":
        """Raises ValueError for a text that is no seed."""
        try:
            pair: Any = nkeys.from_seed(bytearray(seed.encode()))
            return cls(pair.public_key.decode(), seed)
        except (nkeys.NkeysError, LookupError, UnicodeError):
            raise ValueError("not an nkey seed") from None

    def sign(self, words: bytes) -> bytes:
        return bytes(nkeys.from_seed(bytearray(self.seed.encode())).sign(words))


def is_public(kind: Kind, text: str) -> bool:
    """Whether this is the public key of such a pair, checksum included."""
    try:
        raw = _raw(text)
    except ValueError:
        return False
    return raw[0] == _PREFIX[kind]


def encode(claims: Claims, signer: Key) -> str:
    """A token: `iat`, `iss` and `jti` are added, the rest is the caller's."""
    said: Claims = {**claims, "iat": int(time.time()), "iss": signer.public}
    digest = hashlib.new("sha512_256", json.dumps(said, sort_keys=True).encode()).digest()
    said["jti"] = base64.b32encode(digest).rstrip(b"=").decode()
    signed = f"{_b64(_HEAD)}.{_b64(json.dumps(said, separators=(',', ':')).encode())}"
    return f"{signed}.{_b64(signer.sign(signed.encode()))}"


def decode(token: str) -> Claims:
    """Claims of a token whose signature fits its own `iss`. Whether that issuer may speak is the caller's question."""
    try:
        signed, signature = token.rsplit(".", 1)
        claims = json.loads(_unb64(signed.split(".")[1]))
        key = Ed25519PublicKey.from_public_bytes(_raw(claims["iss"])[1:-2])
        key.verify(_unb64(signature), signed.encode())
    except (InvalidSignature, ValueError, LookupError, TypeError, AttributeError):
        raise NotAToken("not a token that its issuer signed") from None
    return claims


def operator(name: str, key: Key, system_account: str, signing_keys: Sequence[str]) -> str:
    nats = {"type": "operator", "version": 2, "system_account": system_account, "signing_keys": list(signing_keys)}
    return encode({"name": name, "sub": key.public, "nats": nats}, key)


def account(
    name: str,
    public: str,
    signer: Key,
    *,
    exports: Sequence[Export] = (),
    imports: Sequence[Import] = (),
    limits: Mapping[str, int] | None = None,
    revoked_users: Mapping[str, int] | None = None,
    jetstream: bool = False,
) -> str:
    """`revoked_users`: user key → moment; its tokens issued until then are refused."""
    nats: Claims = {"type": "account", "version": 2}
    nats["limits"] = {**_UNLIMITED, **(_JETSTREAM if jetstream else {}), **(limits or {})}
    nats |= {"default_permissions": {"pub": {}, "sub": {}}, "authorization": {}}
    nats |= {"exports": list(exports), "imports": list(imports), "revocations": dict(revoked_users or {})}
    return encode({"name": name, "sub": public, "nats": nats}, signer)


def user(name: str, public: str, signer: Key, *, account_public: str = "", lives: float = 0) -> str:
    """`account_public` only where the signer is not the account key itself; `lives` in seconds, 0: no end."""
    nats: Claims = {"type": "user", "version": 2, "subs": -1, "data": -1, "payload": -1, "pub": {}, "sub": {}}
    if account_public:
        nats["issuer_account"] = account_public
    claims: Claims = {"name": name, "sub": public, "nats": nats}
    if lives:
        claims["exp"] = int(time.time() + lives)
    return encode(claims, signer)


def credentials(token: str, seed: str) -> str:
    """The text of a `.creds` file."""
    return (
        f"-----BEGIN NATS USER JWT-----\n{token}\n------END NATS USER JWT------\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
    )


def _raw(public: str) -> bytes:
    """Prefix byte, key, CRC-16."""
    raw = base64.b32decode(public + "=" * (-len(public) % 8))
    if len(raw) != 35 or crc_hqx(raw[:-2], 0) != int.from_bytes(raw[-2:], "little"):
        raise ValueError("not an nkey")
    return raw


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
