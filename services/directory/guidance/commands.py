"""What may be asked of a guidance entry. Only the organisation that wrote it changes it (rule D04)."""

from datetime import date
from uuid import UUID

from libs.eventlog import Command
from services.directory.guidance.events import GuidanceContent


class PublishGuidance(Command):
    """Tell all members what to do about a problem. Refused if the entry stands with other content."""

    guidance_id: UUID
    guidance: GuidanceContent


class ChangeGuidance(Command):
    """Write the whole entry anew. Refused unless it is published and ours."""

    guidance_id: UUID
    guidance: GuidanceContent


class VerifyGuidance(Command):
    """Confirm that it is still so. Refused for a day that has not come."""

    guidance_id: UUID
    verified_on: date


class WithdrawGuidance(Command):
    """Take it back; the id is not used again. Refused unless it is ours."""

    guidance_id: UUID


GuidanceCommand = PublishGuidance | ChangeGuidance | VerifyGuidance | WithdrawGuidance
