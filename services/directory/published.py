"""What others may know of `directory`."""

from libs.messaging import Published
from libs.projection import classes_of
from services.directory.card.commands import CardCommand
from services.directory.card.events import CardEvent
from services.directory.card.views import (
    CardDetail,
    CardDetailView,
    Cards,
    CardView,
    ConfidentialAddresses,
    ConfidentialAddressView,
    PublicCards,
    PublicServices,
    ServiceDetail,
    Services,
    ServiceView,
)
from services.directory.guidance.commands import GuidanceCommand
from services.directory.guidance.events import GuidanceEvent
from services.directory.guidance.views import GuidanceDetail, GuidanceFor, GuidanceView

PUBLISHED = Published(
    service="directory",
    commands={"card": classes_of(CardCommand), "guidance": classes_of(GuidanceCommand)},
    events={"card": classes_of(CardEvent), "guidance": classes_of(GuidanceEvent)},
    queries={
        "cards": (Cards, CardView),
        "card_detail": (CardDetail, CardDetailView),
        "services": (Services, ServiceView),
        "service_detail": (ServiceDetail, ServiceView),
        "public_cards": (PublicCards, CardDetailView),
        "public_services": (PublicServices, ServiceView),
        "confidential_addresses": (ConfidentialAddresses, ConfidentialAddressView),
        "guidance": (GuidanceFor, GuidanceView),
        "guidance_detail": (GuidanceDetail, GuidanceView),
    },
)
