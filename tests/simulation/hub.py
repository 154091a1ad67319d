"""The hub as a fault: it may lose everything, deliver twice, in any order, late, or not at all."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from services.courier.hub_link import HubLetter, HubLink, HubUnavailable
from tests.simulation.tasks import turn

AGAIN_S = 30.0
"""What was not acknowledged is delivered again after this."""


class LostForEver(AssertionError):
    """The hub was told to forget what its recipient does not have."""


@dataclass(eq=False)
class Mail:
    """A letter in a box. due: not before; it moves on when the letter was delivered and not acknowledged."""

    sender: str
    data: bytes = field(repr=False)
    due: float = 0.0


@dataclass
class Hub:
    """One box per account.

    shuffled   letters leave a box in any order
    archive    (sender, recipient, letter) of everything ever handed in, for replays and for the last search
    """

    dice: random.Random
    now: Callable[[], float]
    boxes: dict[str, list[Mail]] = field(default_factory=dict[str, list[Mail]])
    known: set[str] = field(default_factory=set[str])
    archive: list[tuple[str, str, bytes]] = field(default_factory=list[tuple[str, str, bytes]])
    shuffled: bool = False
    wiped: int = 0

    def put(self, sender: str, recipient: str, data: bytes, message_id: str) -> bool:
        """False: this message id was here before."""
        if message_id in self.known:
            return False
        self.known.add(message_id)
        self.archive.append((sender, recipient, data))
        self.boxes.setdefault(recipient, []).append(Mail(sender, data))
        return True

    def has(self, account: str) -> bool:
        return any(mail.due <= self.now() for mail in self.boxes.get(account, ()))

    def next(self, account: str) -> Mail:
        """A letter to deliver. Unless acknowledged, it comes again."""
        waiting = [mail for mail in self.boxes[account] if mail.due <= self.now()]
        mail = self.dice.choice(waiting) if self.shuffled else waiting[0]
        mail.due = self.now() + AGAIN_S
        return mail

    def forget(self, account: str, mail: Mail) -> None:
        if mail in self.boxes.get(account, ()):
            self.boxes[account].remove(mail)

    def repeat(self) -> bool:
        """One letter stands in its box twice."""
        boxes = [box for box in self.boxes.values() if box]
        if not boxes:
            return False
        box = self.dice.choice(boxes)
        mail = self.dice.choice(box)
        box.insert(self.dice.randrange(len(box) + 1), Mail(mail.sender, mail.data))
        return True

    def wipe(self) -> None:
        """Its whole store is gone, and with it which ids it knew."""
        self.boxes.clear()
        self.known.clear()
        self.wiped += 1

    @property
    def empty(self) -> bool:
        return not any(self.boxes.values())


class Link(HubLink):
    """A node's line to the hub, cut in either direction.

    holds   whether what was in a letter is safe on this node
    out     what we send arrives; otherwise the hub never hears of it
    into    answers and letters arrive; otherwise the hub has stored what we believe lost
    """

    def __init__(self, hub: Hub, account: str, holds: Callable[[Mail], bool]) -> None:
        self.hub, self.account, self._holds = hub, account, holds
        self.out = self.into = True
        self.connections = 1
        self.greeted: float | None = None
        """When the partner was greeted last; None: not since the line came back."""

    @property
    def connected(self) -> bool:
        return self.out or self.into

    def cut(self, out: bool, into: bool) -> None:
        self.out, self.into = not out, not into

    def mend(self) -> None:
        self.connections += not (self.out and self.into)
        self.out = self.into = True
        self.greeted = None

    async def send(self, to_account: str, data: bytes, message_id: str) -> bool:
        await turn()
        if not self.out:
            raise HubUnavailable("the hub is away")
        stored = self.hub.put(self.account, to_account, data, message_id)
        await turn()
        if not self.into:
            raise HubUnavailable("the hub's answer was lost")
        return stored

    def letter(self) -> HubLetter:
        mail = self.hub.next(self.account)

        async def acknowledge() -> None:
            if not self._holds(mail):
                raise LostForEver
            await turn()
            if self.out:
                self.hub.forget(self.account, mail)

        return HubLetter(mail.sender, mail.data, acknowledge)
