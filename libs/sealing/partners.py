"""What we know of another organisation's keys, and why we believe it.

A partner's root key is pinned by its RFC 7638 fingerprint, which came by data box or in the contract: outside
the system, never through the hub. The root signs key sets; a key set says which keys sign and open letters.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal, Self
from uuid import UUID

from joserfc import jws
from joserfc.jwk import OKPKey
from pydantic import BaseModel, ConfigDict, Field, model_validator

from libs.sealing.errors import LetterRefused
from libs.sealing.profile import INNER, KEYS, SIGN, SUITE, refusing, strict_json

CLOCKS = timedelta(days=1)
"""How far two organisations' clocks may differ."""
LARGEST_KEY_SET = 32 * 1_024
Coordinate = r"^[A-Za-z0-9_-]{43}$"


@lru_cache(maxsize=1_000)
def _imported(kty: str, crv: str, x: str, kid: str) -> OKPKey:
    """Of a partner, every letter uses the same two: importing them anew took a tenth of a letter."""
    return OKPKey.import_key({"kty": kty, "crv": crv, "x": x, "kid": kid})


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class PublicKey(_Document):
    """A JWK (RFC 8037) and the time in which it may be used; `until` is None while it has no successor."""

    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519", "X25519"]
    x: str = Field(pattern=Coordinate)
    valid_from: int = Field(alias="from", ge=0)
    valid_until: int | None = Field(alias="until", ge=0)

    def key(self, kid: str) -> OKPKey:
        return _imported(self.kty, self.crv, self.x, kid)

    def valid(self, moment: datetime) -> bool:
        """Whether it was in use at this moment, give or take a day."""
        at, slack = moment.timestamp(), CLOCKS.total_seconds()
        return self.valid_from - slack <= at and (self.valid_until is None or at <= self.valid_until + slack)


class RootKey(_Document):
    """The public half of an organisation's root."""

    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    x: str = Field(pattern=Coordinate)

    def key(self) -> OKPKey:
        return OKPKey.import_key({"kty": self.kty, "crv": self.crv, "x": self.x})


class KeySet(_Document):
    """What an organisation's root says about its working keys.

    serial    grows with every set; a lower one is an old one
    suite     the letter profile these keys are for
    seal_to   the key that letters to this organisation are sealed to
    revoked   keys that must not be believed any more, whenever they signed
    """

    org: UUID
    serial: int = Field(ge=1, lt=2**53)
    suite: str
    seal_to: str
    keys: dict[str, PublicKey] = Field(max_length=128)
    revoked: tuple[str, ...] = Field(default=(), max_length=128)
    root: RootKey

    @model_validator(mode="after")
    def _seal_to_a_sealing_key(self) -> Self:
        if self.seal_to in self.revoked or self.keys[self.seal_to].crv != "X25519":
            raise ValueError("seal_to names no sealing key in use")
        return self


@dataclass(frozen=True, slots=True)
class PinnedPartner:
    """An organisation we exchange letters with.

    fingerprint   of its root key, received outside the system and confirmed by people
    keys          the newest key set accepted from it; None: not yet
    document      that key set as it was signed, to be stored and loaded again
    """

    organisation: UUID
    fingerprint: str
    keys: KeySet | None = None
    document: str | None = None

    def accept(self, document: str) -> "PinnedPartner":
        """This partner with a newer key set. The same one again changes nothing.

        Raises LetterRefused as `accept_key_set` does, and `keys_of_another` (signed for another organisation)
        or `keys_serial_reused` (two different sets under one serial).
        """
        known = self.keys.serial if self.keys else 0
        keys = accept_key_set(document, self.fingerprint, known)
        if keys.org != self.organisation:
            raise LetterRefused("keys_of_another")
        if self.keys is not None and keys.serial == known and keys != self.keys:
            raise LetterRefused("keys_serial_reused")
        return replace(self, keys=keys, document=document)


def accept_key_set(document: str, pinned_fingerprint: str, known_serial: int) -> KeySet:
    """A key set that the pinned root signed and that is not older than the one known.

    Raises LetterRefused: `keys_malformed`, `keys_suite_unknown`, `keys_not_from_pinned_root`, `keys_older_than_known`.
    """
    with refusing("keys_malformed"):
        if len(document) > LARGEST_KEY_SET:
            raise LetterRefused("keys_malformed")
        said = jws.extract_compact(document.encode("ascii"), registry=INNER)
        claims = strict_json(said.payload)
        if claims["suite"] != SUITE:
            raise LetterRefused("keys_suite_unknown")
        keys = KeySet.model_validate_json(said.payload)
        root = keys.root.key()
        fingerprint = root.thumbprint()
        for kid, public in keys.keys.items():
            public.key(kid)
    if fingerprint != pinned_fingerprint:
        raise LetterRefused("keys_not_from_pinned_root")
    with refusing("keys_not_from_pinned_root"):
        checked = jws.deserialize_compact(document, root, registry=INNER)
        if checked.headers() != {"alg": SIGN, "typ": KEYS}:
            raise LetterRefused("keys_not_from_pinned_root")
    if keys.serial < known_serial:
        raise LetterRefused("keys_older_than_known")
    return keys
