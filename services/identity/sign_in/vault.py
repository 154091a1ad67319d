"""What the door seals and recognises: under keys derived from the node's key, for this purpose alone.

A mark recognises a value without keeping it (a login name, an address, a recovery code). What must be shown again is
sealed, bound to its owner and purpose: moved to another row it does not open.
"""

import hashlib
import hmac
import os
import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from libs.privacy import KeyLost, NodeKey


class Vault:
    """Of one node."""

    def __init__(self, node_key: NodeKey) -> None:
        derived = HKDF(SHA256(), 64, salt=None, info=b"spojka identity sign-in").derive(node_key.secret)
        self._cipher, self._marking = AESGCM(derived[:32]), derived[32:]

    def mark(self, purpose: str, value: str) -> bytes:
        """The same for the same value; says nothing about it to whoever has no key."""
        return hmac.digest(self._marking, f"{purpose}\n{value}".encode(), "sha256")

    def seal(self, purpose: str, owner: UUID, value: str) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, value.encode(), _bound(purpose, owner))

    def open(self, purpose: str, owner: UUID, sealed: bytes) -> str:
        """Raises KeyLost if it was sealed for something else, altered, or under another key."""
        try:
            return self._cipher.decrypt(sealed[:12], sealed[12:], _bound(purpose, owner)).decode()
        except (InvalidTag, ValueError) as error:
            raise KeyLost("a sealed value of the door does not open") from error


def new_token() -> str:
    """256 bits; its hash is kept."""
    return secrets.token_urlsafe(32)


def token_mark(token: str) -> bytes:
    """What is kept of a token: it is random enough to need no key."""
    return hashlib.sha256(token.encode()).digest()


def _bound(purpose: str, owner: UUID) -> bytes:
    return f"{purpose}|{owner}".encode()
