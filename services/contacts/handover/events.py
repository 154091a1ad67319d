"""What has happened to a handover between teams of one organisation. Published language.

Across organisations there is a referral or a transfer instead: nothing here leaves the node.
"""

from uuid import UUID

from pydantic import AwareDatetime

from libs.eventlog import Event, Line, Text, event
from libs.privacy import Personal


@event("handover-proposed", version=1, subject="person_id")
class HandoverProposed(Event):
    """The client agrees; without that there is no handover. Until an answer from_team stays responsible."""

    handover_id: UUID
    person_id: UUID
    from_team: Line
    to_team: Line
    reason: Personal[Text]
    proposed_at: AwareDatetime


@event("handover-accepted", version=1)
class HandoverAccepted(Event):
    """From now on to_team is responsible and sees the whole history. worker: who accepted."""

    handover_id: UUID
    person_id: UUID
    from_team: Line
    to_team: Line
    worker: UUID
    answered_at: AwareDatetime


@event("handover-declined", version=1, subject="person_id")
class HandoverDeclined(Event):
    handover_id: UUID
    person_id: UUID
    reason: Personal[Text]
    answered_at: AwareDatetime


@event("handover-withdrawn", version=1)
class HandoverWithdrawn(Event):
    handover_id: UUID
    person_id: UUID
    answered_at: AwareDatetime


HandoverEvent = HandoverProposed | HandoverAccepted | HandoverDeclined | HandoverWithdrawn
