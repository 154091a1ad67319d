"""A passkey in software: what a browser and an authenticator answer together."""

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey. origin: where the browser is. verifies: whether its owner showed a finger or a PIN."""

    origin: str
    verifies: bool = True
    count: int = 0
    id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    user: bytes = b""

    def make(self, options: str) -> str:
        """navigator.credentials.create()"""
        asked = json.loads(options)
        self.user = _bytes(asked["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        told = self._told(asked["rp"]["id"], WITH_KEY)
        told += bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        return self._answer(
            {
                "clientDataJSON": _text(self._seen("webauthn.create", asked)),
                "attestationObject": _text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": told})),
            }
        )

    def get(self, options: str) -> str:
        """navigator.credentials.get()"""
        asked = json.loads(options)
        self.count += 1
        told, seen = self._told(asked["rpId"]), self._seen("webauthn.get", asked)
        signature = self.key.sign(told + hashlib.sha256(seen).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": _text(seen),
                "authenticatorData": _text(told),
                "signature": _text(signature),
                "userHandle": _text(self.user),
            }
        )

    def _told(self, host: str, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _seen(self, kind: str, asked: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        named = {"id": _text(self.id), "rawId": _text(self.id), "type": "public-key"}
        return json.dumps({**named, "response": response, "clientExtensionResults": {}})


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
