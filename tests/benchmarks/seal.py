"""seal: letters a second, sealed and opened, against bare `joserfc` with the same profile."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from joserfc import jwe, jws

from libs.eventlog import new_id
from libs.sealing import OrganisationKeys, PinnedPartner, open, seal
from libs.sealing.letter import Sealed
from libs.sealing.profile import CONTENT, INNER, LETTER, OUTER, SEAL, SIGN, SIGNED
from tests.benchmarks.ground import Ground
from tests.benchmarks.measured import Measured

ROWS = {
    "seal": "A letter written, signed, padded and sealed by one organisation, opened and verified by the other, as "
    "the courier does it; without asking the service that owns the content, and without storage. Beside it `joserfc` "
    "alone: the same two operations each way with the same algorithms, headers and sizes; nothing written or checked.",
}
ROUNDS = 5
CONTENT_OF_A_REFERRAL = {
    "event_id": str(new_id()),
    "schema_version": 1,
    "occurred_at": "2026-05-04T08:00:00+00:00",
    "trace": None,
    "data": {"referral_id": str(new_id()), "need": "debts", "urgency": "soon", "area": "560367", "number": 1},
}


def run(ground: Ground, seconds: float) -> list[Measured]:
    """In turns, the better of each."""
    at = datetime.now(UTC)
    ours, theirs = (_keys(ground.folder / name, at) for name in ("sender", "recipient"))
    letter = _pair(ours, theirs, at)
    bare = _bare_pair(ours, theirs, _sealed(ours, theirs, at, 1), at)
    rates = {"ours": 0.0, "bare": 0.0}
    n = 0
    for turn in range(1, ROUNDS + 1):
        ground.step(f"turn {turn} of {ROUNDS}")
        for name, once in (("ours", letter), ("bare", bare)):
            rate, count = _rate(once, seconds / 2 / ROUNDS)
            rates[name] = max(rates[name], rate)
            n += count if name == "ours" else 0
    return [Measured("seal", rates["ours"], rates["bare"], "bare joserfc, same profile", "letters/s", n, least=0.8)]


def _keys(folder: Path, at: datetime) -> OrganisationKeys:
    folder.mkdir(mode=0o700)
    return OrganisationKeys.create(folder, new_id(), at)


def _pinned(keys: OrganisationKeys) -> PinnedPartner:
    return PinnedPartner(keys.organisation, keys.fingerprint).accept(keys.key_set())


def _sealed(ours: OrganisationKeys, theirs: OrganisationKeys, at: datetime, number: int) -> Sealed:
    return seal(ours, _pinned(theirs), type="referral-sent", data=CONTENT_OF_A_REFERRAL, at=at, number=number)


def _pair(ours: OrganisationKeys, theirs: OrganisationKeys, at: datetime) -> Callable[[], None]:
    """One letter there and opened there."""
    recipient, senders = _pinned(theirs), {ours.organisation: _pinned(ours)}

    def once() -> None:
        sealed = seal(ours, recipient, type="referral-sent", data=CONTENT_OF_A_REFERRAL, at=at, number=1)
        open(sealed.letter, keys=theirs, partners=senders, sent_by=ours.organisation, at=at)

    return once


def _bare_pair(ours: OrganisationKeys, theirs: OrganisationKeys, example: Sealed, at: datetime) -> Callable[[], None]:
    """The words of such a letter, ready written and padded, through the library alone; its keys ready made, too."""
    signing, sealing = ours.keys.keys[ours.signing_kid], theirs.keys.keys[theirs.keys.seal_to]
    verifying, to, opening = (
        signing.key(ours.signing_kid),
        sealing.key(theirs.keys.seal_to),
        theirs.opening[theirs.keys.seal_to],
    )
    partners = {ours.organisation: _pinned(ours)}
    evidence = open(example.letter, keys=theirs, partners=partners, sent_by=ours.organisation, at=at).evidence
    payload = jws.deserialize_compact(evidence, verifying, registry=INNER).payload
    inner: dict[str, Any] = {"alg": SIGN, "kid": ours.signing_kid, "typ": SIGNED}
    outer: dict[str, Any] = {"alg": SEAL, "enc": CONTENT, "kid": theirs.keys.seal_to, "typ": LETTER, "cty": "JWT"}
    outer |= {"iss": str(ours.organisation), "aud": str(theirs.organisation)}

    def once() -> None:
        signed = jws.serialize_compact(dict(inner), payload, ours.signing_key, registry=INNER)
        sealed = jwe.encrypt_compact(dict(outer), signed, to, registry=OUTER)
        opened = jwe.decrypt_compact(sealed, opening, registry=OUTER).plaintext or b""
        jws.deserialize_compact(opened.decode("ascii"), verifying, registry=INNER)

    return once


def _rate(once: Callable[[], None], seconds: float) -> tuple[float, int]:
    started, done = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        once()
        done += 1
    return done / (time.perf_counter() - started), done
