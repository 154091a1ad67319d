"""What a browser carries for us between two requests: sealed for one purpose, for a while."""

import base64
import os
import struct
import time
from datetime import timedelta
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from libs.privacy import NodeKey

LIFE = timedelta(minutes=30)


class Carrier:
    """Of one node: whichever of its portals sealed it, each opens it."""

    def __init__(self, node_key: NodeKey) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=b"spojka portal carried").derive(node_key.secret)
        self._cipher = AESGCM(derived)

    def seal(self, purpose: str, content: Any) -> str:
        """Text for a hidden field or a cookie."""
        nonce, stamp = os.urandom(12), struct.pack(">q", int(time.time()))
        sealed = self._cipher.encrypt(nonce, orjson.dumps(content), purpose.encode() + stamp)
        return base64.urlsafe_b64encode(nonce + stamp + sealed).decode()

    def open(self, purpose: str, text: str, life: timedelta = LIFE) -> Any:
        """The content; None: altered, for another purpose, or too old."""
        try:
            raw = base64.urlsafe_b64decode(text)
            nonce, stamp, sealed = raw[:12], raw[12:20], raw[20:]
            if time.time() - struct.unpack(">q", stamp)[0] > life.total_seconds():
                return None
            return orjson.loads(self._cipher.decrypt(nonce, sealed, purpose.encode() + stamp))
        except (ValueError, struct.error, InvalidTag):
            return None
