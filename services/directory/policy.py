"""Who may do what in `directory`. Pure, denied unless a line here allows it.

That only the owner changes an entry (rule D04) is decided with the entry at hand, in the deciders.
"""

from libs.codelists import Role
from libs.eventlog import Actor, Command, Verdict, allow_if, deny
from libs.messaging import Query
from services.directory.card.commands import (
    ChangeCard,
    ChangeService,
    OfferService,
    PublishCard,
    RecordConfidentialAddress,
    RemoveConfidentialAddress,
    ReportFreePlaces,
    VerifyEntry,
    WithdrawService,
)
from services.directory.card.views import (
    CardDetail,
    Cards,
    ConfidentialAddresses,
    PublicCards,
    PublicServices,
    ServiceDetail,
    Services,
)
from services.directory.guidance.commands import (
    ChangeGuidance,
    PublishGuidance,
    VerifyGuidance,
    WithdrawGuidance,
)
from services.directory.guidance.views import GuidanceDetail, GuidanceFor


def may(actor: Actor, message: Command | Query) -> Verdict:
    """The verdict and the rule that gave it."""
    editor = Role.DIRECTORY_EDITOR in actor.roles
    leader = Role.TEAM_LEADER in actor.roles
    match message:
        case PublishCard() | ChangeCard() | OfferService() | ChangeService() | WithdrawService() | VerifyEntry():
            return allow_if(editor, "editor_keeps_the_card")
        case ReportFreePlaces():
            return allow_if(editor or leader, "leader_knows_free_places")
        case PublishGuidance() | ChangeGuidance() | VerifyGuidance() | WithdrawGuidance():
            return allow_if(editor, "editor_keeps_guidance")
        case RecordConfidentialAddress() | RemoveConfidentialAddress() | ConfidentialAddresses():
            return allow_if(editor, "editor_keeps_secret_addresses")
        case Cards() | CardDetail() | Services() | ServiceDetail():
            return allow_if(bool(actor.roles), "everyone_reads_the_directory")
        case PublicCards() | PublicServices() | GuidanceFor() | GuidanceDetail():
            return allow_if(True, "anybody_reads_what_is_public")
        case _:
            return deny("nobody_may")
