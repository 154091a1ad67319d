"""Who may do what in `identity`. Pure, denied unless a line here allows it."""

from libs.codelists import Role
from libs.eventlog import Actor, Command, Verdict, allow_if, deny
from libs.messaging import Query
from services.identity.membership.commands import (
    AcceptKeySet,
    PinOrganisation,
    ReinstateOrganisation,
    ReplaceRoot,
    RevokeOrganisation,
)
from services.identity.membership.views import OrganisationDetail, Organisations
from services.identity.user.commands import (
    AddUser,
    ChangeRoles,
    DisableUser,
    EnableUser,
    MoveToTeam,
    RenameUser,
)
from services.identity.user.views import UserRoles, Users


def may(actor: Actor, message: Command | Query) -> Verdict:
    """The verdict and the rule that gave it."""
    administrator = Role.NODE_ADMINISTRATOR in actor.roles
    node = Role.NODE in actor.roles
    match message:
        case AddUser() | RenameUser() | ChangeRoles() | MoveToTeam() | DisableUser() | EnableUser():
            return allow_if(administrator, "administrator_keeps_accounts")
        case PinOrganisation() | RevokeOrganisation() | ReinstateOrganisation() | ReplaceRoot():
            return allow_if(administrator, "administrator_decides_trust")
        case AcceptKeySet():
            return allow_if(administrator or node, "node_collects_keys")
        case Users():
            return allow_if(bool(actor.roles), "colleagues_know_each_other")
        case UserRoles():
            own = actor.user == message.user_id
            return allow_if(administrator or node or own, "roles_are_asked_at_sign_in")
        case Organisations() | OrganisationDetail():
            return allow_if(bool(actor.roles), "everyone_sees_the_network")
        case _:
            return deny("nobody_may")
