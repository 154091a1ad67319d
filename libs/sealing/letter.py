"""Letters of profile v1: signed inside, sealed outside, one recipient each.

The signature is inside the encryption, so the hub learns nothing from it; the recipient is inside the
signature, so nobody can pass our words on as if they were written to someone else. Background, and the
pitfalls these checks answer: README.md.
"""

import json
from base64 import urlsafe_b64decode
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, Self
from uuid import UUID, uuid4

from joserfc import jwe, jws
from joserfc.errors import JoseError
from pydantic import BaseModel, ConfigDict, Field, GetPydanticSchema, ValidationError, model_validator
from pydantic_core import core_schema

from libs.sealing.digest import digest
from libs.sealing.errors import LetterRefused, SealingError
from libs.sealing.keys import OrganisationKeys
from libs.sealing.partners import CLOCKS, KeySet, PinnedPartner
from libs.sealing.profile import (
    BUCKETS,
    CONTENT,
    INNER,
    LARGEST,
    LETTER,
    OUTER,
    SEAL,
    SIGN,
    SIGNED,
    VERSION,
    refusing,
    strict_json,
)

CONTROL = frozenset({"receipt", "resend", "hello"})
"""Letters about letters. They carry no number, or else two gaps would wait for each other."""
VOID = "void"
"""Takes the place of a numbered letter whose ground is gone."""
WRITTEN = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)
END = b'"}'
"""After the padding, which is the last of the claims."""
OLDEST = timedelta(days=21)
"""The hub keeps a letter 14 days; a resend is sealed anew. Older than this is a replay."""


_PLAIN = core_schema.str_schema(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_ID = core_schema.union_schema(
    [
        core_schema.is_instance_schema(UUID),
        core_schema.chain_schema([_PLAIN, core_schema.uuid_schema(strict=False)]),
    ],
    mode="left_to_right",
)
Id = Annotated[UUID, GetPydanticSchema(lambda *_: _ID)]
"""Written in one way only. Three in every letter: a validator in Python took longer than the rest of the claims."""


class Claims(BaseModel):
    """What is signed. `number` counts 1, 2, 3 … per pair of organisations; control letters have none."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    v: Literal[1] = VERSION
    iss: Id
    aud: Id
    jti: Id
    iat: int = Field(ge=0, lt=2**33)
    number: int | None = Field(default=None, ge=1, lt=2**53)
    type: str = Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")
    data: dict[str, Any]
    pad: str = ""

    @model_validator(mode="after")
    def _only_control_letters_lack_a_number(self) -> Self:
        if (self.number is None) != (self.type in CONTROL):
            raise ValueError("number and type do not go together")
        return self

    @property
    def issued_at(self) -> datetime:
        return datetime.fromtimestamp(self.iat, UTC)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A letter ready for the hub, and the digest its receipt will name."""

    letter: bytes
    digest: str
    jti: UUID


@dataclass(frozen=True, slots=True)
class Opened:
    """A letter that passed every check.

    evidence   the signed words themselves, to be kept under the data subject's key: proof of who said what
    """

    claims: Claims
    digest: str
    evidence: str


def seal(
    keys: OrganisationKeys,
    partner: PinnedPartner,
    *,
    type: str,
    data: dict[str, Any],
    at: datetime,
    number: int | None = None,
) -> Sealed:
    """Sign, pad and seal a letter. Raises SealingError: no usable keys of the partner, or too large."""
    known = _sealing_keys(partner, at)
    try:
        written = WRITTEN.encode(data)
        said = Claims(
            iss=keys.organisation,
            aud=partner.organisation,
            jti=uuid4(),
            iat=int(at.timestamp()),
            number=number,
            type=type,
            data=strict_json(written),
        )
        checked = digest(said)
        payload = _padded(said, written)
        head = {"alg": SIGN, "kid": keys.signing_kid, "typ": SIGNED}
        signed = jws.serialize_compact(head, payload, keys.signing_key, registry=INNER)
        to = {"alg": SEAL, "enc": CONTENT, "kid": known.seal_to, "typ": LETTER, "cty": "JWT"}
        to |= {"iss": str(said.iss), "aud": str(said.aud)}
        sealed = jwe.encrypt_compact(to, signed, known.keys[known.seal_to].key(known.seal_to), registry=OUTER)
    except (JoseError, ValidationError, ValueError, TypeError, RecursionError):
        raise SealingError(
            "This content cannot be written as a letter. Nothing was sent. "
            "It must be plain JSON under a known letter type, with a number unless it is a control letter."
        ) from None
    return Sealed(sealed.encode("ascii"), checked, said.jti)


def open(
    letter: bytes,
    *,
    keys: OrganisationKeys,
    partners: Mapping[UUID, PinnedPartner],
    sent_by: UUID,
    at: datetime,
) -> Opened:
    """Open a letter that the hub says `sent_by` sent; the letter must say so too, twice.

    Raises LetterRefused and nothing else, whatever the bytes are.
    """
    if len(letter) > LARGEST:
        raise LetterRefused("too_large")
    known = _known_keys(partners, sent_by)
    signed = _unsealed(letter, keys, sent_by)
    claims = _signed_by(signed, known, at)
    if claims.iss != sent_by:
        raise LetterRefused("not_from_this_sender")
    if claims.aud != keys.organisation:
        raise LetterRefused("not_to_me")
    if not at - OLDEST - CLOCKS <= claims.issued_at <= at + CLOCKS:
        raise LetterRefused("implausible_time")
    with refusing("malformed"):
        return Opened(claims, digest(claims), signed)


def _sealing_keys(partner: PinnedPartner, at: datetime) -> KeySet:
    known = partner.keys
    if known is None:
        raise SealingError(
            "This organisation's keys are not known yet. Nothing was sent. The letter waits until its key set arrives."
        )
    if not known.keys[known.seal_to].valid(at):
        raise SealingError(
            "This organisation's key has run out. Nothing was sent. The letter waits until its new key set arrives."
        )
    return known


def _padded(claims: Claims, written: str) -> bytes:
    """The words to be signed. `written`: the content, encoded once, of which `claims` hold what it means."""
    number = "" if claims.number is None else f'"number":{claims.number},'
    words = (
        f'{{"v":{claims.v},"iss":"{claims.iss}","aud":"{claims.aud}","jti":"{claims.jti}","iat":{claims.iat},'
        f'{number}"type":"{claims.type}","data":{written},"pad":"'
    ).encode()
    length = len(words) + len(END)
    place = bisect_left(BUCKETS, length)
    if place == len(BUCKETS):
        raise SealingError(
            f"The content is larger than a letter may be ({BUCKETS[-1] // 1024} KB). Nothing was sent. "
            "Shorten the text or split it."
        )
    return words + b"x" * (BUCKETS[place] - length) + END


def _known_keys(partners: Mapping[UUID, PinnedPartner], sent_by: UUID) -> KeySet:
    partner = partners.get(sent_by)
    if partner is None:
        raise LetterRefused("unknown_sender")
    if partner.keys is None:
        raise LetterRefused("no_keys_of_sender")
    return partner.keys


def _unsealed(letter: bytes, keys: OrganisationKeys, sent_by: UUID) -> str:
    """The signed words. The header is checked whole, before a library acts on any of it."""
    with refusing("malformed"):
        segment = letter.split(b".", 1)[0]
        head = strict_json(urlsafe_b64decode(segment + b"=" * (-len(segment) % 4)))
        ephemeral, kid = head.pop("epk"), head.pop("kid")
        if ephemeral.keys() != {"kty", "crv", "x"} or (ephemeral["kty"], ephemeral["crv"]) != (
            "OKP",
            "X25519",
        ):
            raise LetterRefused("malformed")
        iss, aud = head.pop("iss"), head.pop("aud")
        if head != {"alg": SEAL, "enc": CONTENT, "typ": LETTER, "cty": "JWT"}:
            raise LetterRefused("not_this_profile")
        own = keys.opening.get(kid)
    if iss != str(sent_by):
        raise LetterRefused("not_from_this_sender")
    if aud != str(keys.organisation):
        raise LetterRefused("not_to_me")
    if own is None:
        raise LetterRefused("sealed_to_no_key_of_mine")
    with refusing("not_openable"):
        return (jwe.decrypt_compact(letter, own, registry=OUTER).plaintext or b"").decode("ascii")


def _signed_by(signed: str, known: KeySet, at: datetime) -> Claims:
    with refusing("malformed"):
        extracted = jws.extract_compact(signed.encode("ascii"), registry=INNER)
        head = dict(extracted.headers())
        kid = head.pop("kid")
        if head != {"alg": SIGN, "typ": SIGNED}:
            raise LetterRefused("not_this_profile")
        if kid in known.revoked:
            raise LetterRefused("key_revoked")
        public = known.keys.get(kid)
        if public is None or public.crv != SIGN:
            raise LetterRefused("signed_by_no_known_key")
    with refusing("bad_signature"):
        if not jws.validate_compact(extracted, public.key(kid), registry=INNER):
            raise LetterRefused("bad_signature")
    with refusing("malformed"):
        raw = strict_json(extracted.payload)
        if raw["v"] != VERSION:
            raise LetterRefused("unknown_version")
        claims = Claims.model_validate(raw)
    if not public.valid(claims.issued_at):
        raise LetterRefused("key_out_of_date")
    return claims
