"""Who may do what in `courier`. Pure, denied unless a line here allows it.

Nobody posts, answers or voids a letter by hand: the node does, because of what its services have recorded.
"""

from libs.codelists import Role
from libs.eventlog import Actor, Command, Verdict, allow_if, deny
from libs.messaging import Query
from services.courier.correspondence.commands import (
    NoteApplied,
    NoteArrival,
    NoteReceipt,
    NoteRefusal,
    NoteSent,
    ObserveHello,
    PostLetter,
    VoidLetter,
)
from services.courier.correspondence.views import (
    Correspondences,
    Gaps,
    LetterReceived,
    LettersBetween,
    LettersOfThread,
    LettersRefused,
    LettersUnapplied,
    LettersWaiting,
    OutstandingOf,
    Quarantined,
)


def may(actor: Actor, message: Command | Query) -> Verdict:
    """The verdict and the rule that gave it."""
    node = Role.NODE in actor.roles
    keeper = node or Role.NODE_ADMINISTRATOR in actor.roles
    match message:
        case (
            PostLetter()
            | NoteSent()
            | NoteReceipt()
            | VoidLetter()
            | NoteArrival()
            | NoteApplied()
            | NoteRefusal()
            | ObserveHello()
        ):
            return allow_if(node, "node_carries_letters")
        case LettersOfThread() | LettersWaiting() | LettersRefused():
            return allow_if(bool(actor.roles), "colleagues_follow_their_letters")
        case Correspondences() | Gaps() | LettersUnapplied():
            return allow_if(keeper, "keeper_watches_the_mail")
        case Quarantined():
            return allow_if(keeper or Role.DPO in actor.roles, "keeper_watches_the_alarms")
        case OutstandingOf() | LettersBetween() | LetterReceived():
            return allow_if(node, "node_carries_letters")
        case _:
            return deny("nobody_may")
