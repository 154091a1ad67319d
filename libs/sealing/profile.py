"""Letter profile v1: every parameter pinned, nothing negotiated.

A nested JWT (RFC 7519): a compact JWS (Ed25519, RFC 9864) inside a compact JWE (ECDH-ES+A256KW over X25519,
A256GCM). The algorithms are always passed explicitly: without a list, the library's own default list applies.
"""

import json
from typing import Any

from joserfc.jwe import JWERegistry
from joserfc.jws import JWSRegistry
from joserfc.registry import HeaderParameter

from libs.sealing.errors import LetterRefused

VERSION = 1
SUITE = "letter-v1"
SIGN = "Ed25519"
SEAL, CONTENT = "ECDH-ES+A256KW", "A256GCM"

LETTER, SIGNED, KEYS = "spojka-letter", "spojka-letter+jws", "spojka-keys"
"""`typ` of the sealed letter, of the words signed inside it, and of a key set: none passes for another."""

BUCKETS = (1_024, 4_096, 16_384, 65_536, 262_144)
"""The hub sees one of five sizes, not a length. The largest holds the longest text of rule O01, 100,000 characters."""
LARGEST = 512 * 1_024
"""Of a sealed letter; checked before anything is parsed."""
DEEPEST = 64
"""Nesting of a letter's content; whoever handles it later has limits, too."""


class _Outer(JWERegistry):
    max_ciphertext_length = LARGEST  # the library's 64 KB would refuse our largest bucket at the recipient only


class _Inner(JWSRegistry):
    max_payload_length = LARGEST


OUTER = _Outer(
    {name: HeaderParameter(name, "str", True) for name in ("iss", "aud", "kid", "typ", "cty")},
    [SEAL, CONTENT],
)
INNER = _Inner(algorithms=[SIGN])


class refusing:
    """Whatever a parser says about a stranger's bytes is a refusal with this code.

    The one place of this library that catches everything: the bytes are an attacker's and the parsers are
    others', and an exception that escaped would stop the courier at the same letter for ever. The cause is
    dropped because a parser's message may quote what it read.
    """

    def __init__(self, code: str) -> None:
        self.code = code

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, (LetterRefused, MemoryError)):
            raise LetterRefused(self.code) from None


def strict_json(text: bytes | str) -> Any:
    """JSON in UTF-8 that means the same to everybody: no NaN, no name twice, no bottomless nesting."""
    written = text if isinstance(text, str) else text.decode()
    value = _STRICT.decode(written)
    if written.count("{") + written.count("[") <= DEEPEST:
        return value  # it cannot be nested deeper than it has brackets
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return value
    raise ValueError("nested too deep")


def canonical_json(value: Any) -> bytes:
    """The one way to write a value, so that two organisations get the same digest of it."""
    return _CANONICAL.encode(value).encode()


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _names_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


_STRICT = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_names_once)
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
"""Made once: json.loads and json.dumps would make them anew for every letter."""
