"""Who is there, and which referrals they write: five shared ones, a draft, and one to somebody else."""

from dataclasses import dataclass, field
from uuid import UUID

TOWN = UUID("0198a000-0000-7000-8000-000000000003")
NIT = UUID("0198a000-0000-7000-8000-000000000006")
ELSEWHERE = UUID("0198a000-0000-7000-8000-000000000009")
"""An organisation that is no partner yet: letters to it wait."""


@dataclass
class Referral:
    """stays_a_draft: nobody ever sends it. opened, sent: somebody has written the wish to."""

    name: str
    sender: UUID
    recipient: UUID
    stays_a_draft: bool = False
    opened: bool = False
    sent: bool = False
    id: UUID = field(init=False)
    person: UUID = field(init=False)

    def __post_init__(self) -> None:
        number = sum(self.name.encode())
        self.id = UUID(int=(0x0198D000_0000_7000_8000 << 48) + number)
        self.person = UUID(int=(0x0198C000_0000_7000_8000 << 48) + number)

    @property
    def is_shared(self) -> bool:
        return {self.sender, self.recipient} == {TOWN, NIT} and not self.stays_a_draft


def referrals() -> list[Referral]:
    return [
        Referral("one", TOWN, NIT),
        Referral("two", TOWN, NIT),
        Referral("three", TOWN, NIT),
        Referral("back", NIT, TOWN),
        Referral("again", NIT, TOWN),
        Referral("draft", TOWN, NIT, stays_a_draft=True),
        Referral("elsewhere", TOWN, ELSEWHERE),
    ]


def client_of(referral: Referral) -> str:
    """A name that stands nowhere else."""
    return f"canary-{referral.name}"
