"""The digest of a letter: what was said, not how it travelled."""

from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from libs.sealing.profile import canonical_json


class Said(Protocol):
    """The claims that make a letter this letter."""

    @property
    def iss(self) -> UUID: ...
    @property
    def aud(self) -> UUID: ...
    @property
    def number(self) -> int | None: ...
    @property
    def type(self) -> str: ...
    @property
    def data(self) -> dict[str, Any]: ...


def digest(claims: Said) -> str:
    """SHA-256 over sender, recipient, number, type and content.

    The id, the time and the padding stay out: a letter sealed anew for a resend has the same digest, and a
    number used twice for different content shows.
    """
    said = [str(claims.iss), str(claims.aud), claims.number, claims.type, claims.data]
    return sha256(canonical_json(said)).hexdigest()


def sealed_digest(letter: bytes) -> str:
    """SHA-256 of a sealed letter as it travelled: the name of one that could not be opened."""
    return sha256(letter).hexdigest()
