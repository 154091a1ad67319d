"""The courier's desk and the node's own bus, as far as they must not touch a network."""

import hashlib
import json
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid5

import nats.errors
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import ValidationError

from libs.eventlog import Rejected
from libs.messaging import Bus
from libs.messaging.bus import ok, refusal
from libs.messaging.errors import problem_of
from libs.messaging.refill import answer_refill
from libs.messaging.subjects import disclose_subject, receive_subject, refill_subject
from libs.privacy import SubjectKeys
from libs.projection.follower import Follower
from libs.sealing import Claims, LetterRefused, Opened, PinnedPartner, Sealed, digest
from libs.sealing.letter import OLDEST
from libs.sealing.partners import CLOCKS
from libs.service import Running
from libs.service.letters import DiscloseRequest, LetterContent, disclose_event, receive_letter
from services.courier.office import Office
from services.courier.partners import Partner, Partners
from tests.simulation.hub import Link
from tests.simulation.tasks import turn


class Time:
    """How many seconds the simulated world is old."""

    elapsed = 0.0


class Clock:
    """A node's clock. It may be wrong by days; pauses are not measured by it."""

    def __init__(self, start: datetime, time: Time) -> None:
        self._start, self._time, self.wrong_by = start, time, timedelta(0)

    @property
    def elapsed(self) -> float:
        return self._time.elapsed

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.elapsed) + self.wrong_by


class Desk(Office):
    """The real desk with a clock of its own, one partner, and letters without their envelope."""

    def __init__(self, running: Running, link: Link, clock: Clock, partner: Partner, ids: random.Random) -> None:
        nothing: Any = None
        super().__init__(running, nothing, link, Bus(running.nc))
        self._clock, self._ids = clock, ids
        self._one_partner = Partners({partner.id: partner}, {partner.account: partner})

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.elapsed

    async def partners(self) -> Partners:
        await turn()
        return self._one_partner

    def seal(self, partner: Partner, kind: str, content: dict[str, Any], number: int | None = None) -> Sealed:
        claims = Claims(
            iss=self.own,
            aud=partner.id,
            jti=UUID(int=self._ids.getrandbits(128), version=4),
            iat=int(self.now().timestamp()),
            number=number,
            type=kind,
            data=json.loads(json.dumps(content)),
        )
        return Sealed(claims.model_dump_json().encode(), digest(claims), claims.jti)

    def open(self, sealed: bytes, partner: Partner, partners: Partners, at: datetime) -> Opened:
        """The checks of `libs.sealing.open` that are left when nobody can forge."""
        del partners
        try:
            claims = Claims.model_validate_json(sealed)
        except ValidationError:
            raise LetterRefused("malformed") from None
        if claims.iss != partner.id:
            raise LetterRefused("not_from_this_sender")
        if claims.aud != self.own:
            raise LetterRefused("not_to_me")
        if not at - OLDEST - CLOCKS <= claims.issued_at <= at + CLOCKS:
            raise LetterRefused("implausible_time")
        return Opened(claims, digest(claims), "")


def partner(organisation: UUID, account: str) -> Partner:
    """Somebody whose keys are known; nobody looks at them here."""
    some_keys: Any = object()
    return Partner(organisation, account, PinnedPartner(organisation, "", some_keys))


class Keys(SubjectKeys):
    """The real ciphers under keys that need no table."""

    def __init__(self, organisation: UUID) -> None:
        self._organisation = organisation
        self._known: dict[UUID, AESGCM] = {}

    async def ready(self, scopes: Iterable[UUID], *, create: bool) -> dict[UUID, AESGCM | None]:
        del create
        return {scope: self._key(scope) for scope in scopes}

    def _key(self, scope: UUID) -> AESGCM:
        if scope not in self._known:
            secret = hashlib.sha256(uuid5(self._organisation, str(scope)).bytes).digest()
            self._known[scope] = AESGCM(secret)
        return self._known[scope]


class Wire:
    """A node's NATS: finds the service that answers, may lose a request or its answer.

    troubled   some requests get lost
    away       services that do not listen
    too_new    letter types this node's program does not know yet
    """

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.services: dict[str, Running] = {}
        self.troubled = False
        self.away: frozenset[str] = frozenset()
        self.too_new: frozenset[str] = frozenset()
        self.faults: list[str] = []

    async def request(self, subject: str, data: bytes, **_: Any) -> Any:
        await turn()
        if subject.split(".")[1] in self.away or (self.troubled and self._dice.random() < 0.1):
            raise nats.errors.NoRespondersError
        try:
            answer = await self._answered(subject, data)
        except Exception as error:
            problem = problem_of(error)
            if problem.kind == "fault":
                self.faults.append(f"{subject}: {type(error).__name__}: {error}")
            answer = refusal(problem)
        await turn()
        if self.troubled and self._dice.random() < 0.1:
            raise TimeoutError
        return SimpleNamespace(data=answer)

    async def _answered(self, subject: str, data: bytes) -> bytes:
        for name, running in self.services.items():
            if subject == refill_subject(name):
                return await answer_refill(running.log, running.source, data)
            if subject == receive_subject(name):
                letter = LetterContent.model_validate_json(data)
                if letter.type in self.too_new:
                    raise Rejected("unknown_version", "This letter needs a newer version of the program. It is kept.")
                answer = await receive_letter(running, letter)
                return ok({"position": answer.position, "repeated": answer.repeated})
            if subject == disclose_subject(name):
                return ok(await disclose_event(running, DiscloseRequest.model_validate_json(data)))
        raise LookupError(subject)


class Reader(Follower):
    """The real follower, one look at a time."""

    async def look(self) -> None:
        """As after a start: what the checkpoint says, then whatever the source has beyond."""
        await self._load()
        await self._refill()

    async def hear(self, messages: list[Any]) -> None:
        """A batch of the stream, perhaps an old one."""
        await self._load()
        if not await self._apply_fitting(messages):
            await self._refill()
