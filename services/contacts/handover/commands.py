"""What may be asked of a handover of a person from one team to another."""

from uuid import UUID

from libs.eventlog import Command, Line, Text
from libs.privacy import Personal


class ProposeHandover(Command):
    """Offer a person of the own team to another one. Refused without the client's agreement, or a team."""

    handover_id: UUID
    person_id: UUID
    to_team: Line
    reason: Personal[Text]
    client_agrees: bool


class AcceptHandover(Command):
    """Take over the responsibility. Refused for others than the receiving team, and once it is answered."""

    handover_id: UUID


class DeclineHandover(Command):
    """Say no, with a reason the giving team reads. Refused for others than the receiving team's leader."""

    handover_id: UUID
    reason: Personal[Text]


class WithdrawHandover(Command):
    """Take the proposal back. Refused for others than the giving team, and once it is answered."""

    handover_id: UUID


HandoverCommand = ProposeHandover | AcceptHandover | DeclineHandover | WithdrawHandover
