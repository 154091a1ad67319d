"""What others may know of `identity`."""

from libs.messaging import Published
from libs.projection import classes_of
from services.identity.membership.commands import MembershipCommand
from services.identity.membership.events import MembershipEvent
from services.identity.membership.views import (
    OrganisationDetail,
    OrganisationDetailView,
    Organisations,
    OrganisationView,
)
from services.identity.user.commands import UserCommand
from services.identity.user.events import UserEvent
from services.identity.user.views import UserRoles, UserRolesView, Users, UserView

PUBLISHED = Published(
    service="identity",
    commands={"user": classes_of(UserCommand), "membership": classes_of(MembershipCommand)},
    events={"user": classes_of(UserEvent), "membership": classes_of(MembershipEvent)},
    queries={
        "users": (Users, UserView),
        "user_roles": (UserRoles, UserRolesView),
        "organisations": (Organisations, OrganisationView),
        "organisation_detail": (OrganisationDetail, OrganisationDetailView),
    },
)
