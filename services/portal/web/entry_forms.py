"""Entries of the directory as forms: what stands in an entry fills the fields, what was typed makes the entry."""

from collections.abc import Sequence
from typing import Any

from libs.codelists import OrganisationKind
from services.directory.card.events import CardContent, ServiceContent
from services.directory.card.views import CardDetailView, ServiceView
from services.directory.guidance.events import GuidanceContent, TurnTo
from services.directory.guidance.views import GuidanceView
from services.portal.web.directory_entries import lines
from services.portal.web.form import Form

CARD = ("name", "municipality", "address", "phone", "email", "web", "data_box", "hours")
SERVICE = (
    "name", "service_type", "register_id", "age_from", "age_to", "municipality", "address", "phone", "email", "hours",
    "registered_capacity", "capacity_type",
)  # fmt: skip
OF_SERVICE_SEVERAL = ("forms", "target_groups", "needs", "areas", "languages")
MOST_PLACES = 20
TURN_TO: Sequence[str] = [f"turn_to_{number}" for number in range(1, MOST_PLACES + 1)]
"""One field for each place to turn to, in order; chosen as `organisation` or `organisation service`."""


def card_content(card: CardDetailView) -> CardContent:
    """What stands on a card, as its owner wrote it."""
    return CardContent.model_validate(card.model_dump(include=set(CardContent.model_fields)))


def card_values(card: CardContent) -> dict[str, Any]:
    return card.model_dump(mode="json", exclude={"kind"})


def card_typed(form: Form, kind: OrganisationKind) -> dict[str, Any]:
    """kind: of our own organisation; nobody chooses it here."""
    return {
        **form.take(*CARD),
        "kind": kind,
        "serves_orp": form.many("serves_orp"),
        "languages": form.many("languages"),
        "about": form["about"],
    }


def service_content(service: ServiceView) -> ServiceContent:
    """What stands in the entry of a service, as its owner wrote it."""
    return ServiceContent.model_validate(service.model_dump(include=set(ServiceContent.model_fields)))


def service_values(service: ServiceContent) -> dict[str, Any]:
    return {**service.model_dump(mode="json"), "documents": "\n".join(service.documents)}


def service_typed(form: Form) -> dict[str, Any]:
    return {
        **form.take(*SERVICE),
        **{name: form.many(name) for name in OF_SERVICE_SEVERAL},
        "address_confidential": form.checked("address_confidential"),
        "documents": lines(form["documents"]),
        "conditions": form["conditions"],
    }


def guidance_content(entry: GuidanceView) -> GuidanceContent:
    """What stands in a guidance entry, as its owner wrote it."""
    whom = zip(entry.organisations, entry.services, strict=True)
    return GuidanceContent(
        **entry.model_dump(include=set(GuidanceContent.model_fields) - {"turn_to"}),
        turn_to=tuple(TurnTo(organisation_id=organisation, service_id=service) for organisation, service in whom),
    )


def guidance_values(entry: GuidanceContent) -> dict[str, Any]:
    chosen = {
        name: f"{one.organisation_id} {one.service_id or ''}".strip()
        for name, one in zip(TURN_TO, entry.turn_to, strict=False)
    }
    texts = {"route": "\n".join(entry.route), "documents": "\n".join(entry.documents)}
    return {**entry.model_dump(mode="json", exclude={"turn_to"}), **texts, **chosen}


def guidance_typed(form: Form) -> dict[str, Any]:
    chosen = [one.split() for name in TURN_TO if (one := form[name])]
    return {
        **form.take("need", "problem"),
        "eligibility": form["eligibility"],
        "route": lines(form["route"]),
        "documents": lines(form["documents"]),
        "turn_to": [{"organisation_id": one[0], "service_id": one[1] if len(one) > 1 else None} for one in chosen],
        "target_groups": form.many("target_groups"),
        "areas": form.many("areas"),
        "otherwise": form["otherwise"],
    }
