"""A worker's device in the field: commands with ids made there, kept until an answer has come."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from libs.codelists import CompletedOutcome, DeclineReason, FailedReason, Need, Role, WithdrawReason
from libs.codelists import by_release as release
from libs.codelists import by_statute as statute
from libs.eventlog import Actor, Command
from libs.eventlog.log import Appended
from libs.privacy import CLEAR
from services.cases.referral import commands as c
from tests.simulation.story import Referral, client_of

WORKERS = frozenset({Role.KEY_WORKER, Role.TEAM_LEADER})
ENTRY = UUID("0198e000-0000-7000-8000-000000000001")
TEXT: Any = "A note of a worker."
ASKS = (
    *[c.SendReferral] * 9, *[c.AmendReferral] * 6, *[c.WithdrawReferral] * 2, *[c.CloseReferral] * 2,
    c.EnterReferralInError,
)  # fmt: skip
ANSWERS = (
    *[c.AcceptReferral] * 6, *[c.PutReferralWaiting] * 6, *[c.ResumeReferral] * 2, *[c.StartReferral] * 2,
    c.DeclineReferral, c.RerouteReferral, c.CompleteReferral, c.FailReferral, c.CancelReferral,
    *[c.ConfirmWithdrawal] * 2, c.CorrectOutcome, c.ExpireReferral,
)  # fmt: skip


@dataclass
class Wish:
    """One command on its way. under_way: how many requests with it are out."""

    name: str
    command: Command
    under_way: int = 0

    @property
    def written(self) -> tuple[type[Command], bytes]:
        """As it lies on the device and goes over the line."""
        return type(self.command), self.command.model_dump_json(context=CLEAR).encode()


@dataclass
class Device:
    """acknowledged: command id → the node's answer. away: no connection, commands pile up."""

    own: UUID
    dice: random.Random
    away: bool = False
    queue: list[Wish] = field(default_factory=list[Wish])
    acknowledged: dict[UUID, Appended] = field(default_factory=dict[UUID, Appended])
    done: int = 0
    refused: int = 0

    def write(self, referral: Referral, now: datetime) -> Wish:
        """Something the worker wants, whether or not the node will agree. Each has a moment of its own."""
        number = len(self.queue) + self.done
        moment = now.replace(microsecond=0) + timedelta(microseconds=number)
        if self.own != referral.sender:
            kind = self.dice.choice(ANSWERS)
        elif not referral.opened:
            kind, referral.opened = c.OpenReferral, True
        else:
            kind = self.dice.choice(ASKS)
        if kind is c.SendReferral and referral.stays_a_draft:
            kind = c.AmendReferral
        referral.sent = referral.sent or kind is c.SendReferral
        role = frozenset({Role.NODE}) if kind is c.ExpireReferral else WORKERS
        command = kind.model_validate(
            {
                "id": UUID(int=self.dice.getrandbits(128), version=4),
                "actor": Actor(user=self.own, organisation=self.own, roles=role),
                "occurred_at": moment,
                "referral_id": referral.id,
                **self._content(kind, referral, moment.date()),
            }
        )
        wish = Wish(f"{kind.__name__} {referral.name}", command)
        self.queue.append(wish)
        return wish

    def next(self) -> Wish | None:
        """Commands go in the order they were written, one after the other."""
        return self.queue[0] if self.queue and not self.away else None

    def answered(self, wish: Wish, asked: UUID, answer: Appended | None) -> None:
        """answer None: refused, and the worker sees why. A second answer to the same changes nothing."""
        if wish not in self.queue:
            return
        self.queue.remove(wish)
        self.done += 1
        if answer is None:
            self.refused += 1
        else:
            self.acknowledged[asked] = answer

    def _content(self, kind: type[Command], referral: Referral, today: date) -> dict[str, Any]:
        choice = self.dice.choice
        match kind.__name__:
            case "OpenReferral":
                about = {"person_id": referral.person, "recipient": referral.recipient, "need": Need.DEBTS}
                return {**about, "reason": TEXT, "client_name": client_of(referral)}
            case "SendReferral":
                by_law = self.dice.random() < 0.2
                ground = statute("359/1999", "51") if by_law else release(ENTRY)
                due = today + timedelta(days=choice((2, 14)))
                return {"ground": ground, "answer_due": due, "identity_now": by_law}
            case "AmendReferral":
                return {"urgency": choice(("soon", "acute", "routine")), "answer_due": today + timedelta(days=10)}
            case "WithdrawReferral":
                return {"reason": choice((WithdrawReason.CLIENT_WISH, WithdrawReason.RELEASE_WITHDRAWN))}
            case "CloseReferral":
                return {"client_informed_on": today}
            case "EnterReferralInError":
                return {"reason": TEXT}
            case "AcceptReferral":
                return {"worker": self.own}
            case "DeclineReferral":
                return {"code": DeclineReason.NO_CAPACITY, "text": TEXT}
            case "RerouteReferral":
                return {"proposed": (ENTRY,)}
            case "PutReferralWaiting":
                return {"reason": TEXT, "until": today + timedelta(days=5)}
            case "StartReferral":
                return {"first_meeting": today}
            case "CompleteReferral" | "CorrectOutcome":
                return {"outcome": choice((CompletedOutcome.HELP_RECEIVED, CompletedOutcome.PARTLY_RECEIVED))}
            case "FailReferral":
                return {"code": FailedReason.NO_SHOW}
            case "CancelReferral":
                return {"code": WithdrawReason.MOVED}
            case _:
                return {}
