"""Example guidance: what to do about debts, as the town Horní Slavkov tells it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from libs.codelists import Need, Role, TargetGroup
from libs.eventlog import Actor, Event
from services.directory.guidance.commands import (
    ChangeGuidance,
    PublishGuidance,
    VerifyGuidance,
    WithdrawGuidance,
)
from services.directory.guidance.events import (
    GuidanceChanged,
    GuidanceContent,
    GuidancePublished,
    GuidanceVerified,
    GuidanceWithdrawn,
    TurnTo,
)

TOWN = UUID("0198a000-0000-7000-8000-000000000003")
NIT = UUID("0198a000-0000-7000-8000-000000000006")
EVA = UUID("0198b000-0000-7000-8000-000000000008")
JAKUB = UUID("0198b000-0000-7000-8000-000000000007")
DEBT_ADVICE = UUID("0198c000-0000-7000-8000-000000000001")
DEBTS = UUID("0198d000-0000-7000-8000-000000000001")
NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
TODAY = date(2026, 5, 4)

EDITOR = Actor(user=EVA, organisation=TOWN, roles=frozenset({Role.DIRECTORY_EDITOR}))
OTHER_EDITOR = Actor(user=JAKUB, organisation=NIT, roles=frozenset({Role.DIRECTORY_EDITOR}))


def guidance(**over: Any) -> GuidanceContent:
    filled = {
        "need": Need.DEBTS,
        "problem": "Přišla výzva exekutora",
        "eligibility": "Každý, kdo bydlí na Sokolovsku.",
        "route": ("Zavolat do poradny", "Domluvit doprovod", "Sepsat splátkový kalendář"),
        "documents": ("občanský průkaz", "výzva exekutora"),
        "turn_to": (TurnTo(organisation_id=NIT, service_id=DEBT_ADVICE), TurnTo(organisation_id=TOWN)),
        "target_groups": (TargetGroup.OVER_INDEBTED,),
        "areas": ("orp:671",),
        "otherwise": "Obrátit se na sociální odbor města.",
    }
    return GuidanceContent.model_validate({**filled, **over})


def _command(**over: Any) -> dict[str, Any]:
    return {"actor": EDITOR, "occurred_at": NOW, "guidance_id": DEBTS, **over}


def _entry(number: int, **over: Any) -> dict[str, Any]:
    return {"guidance_id": DEBTS, "author": TOWN, "number": number, **over}


def publish_guidance(**over: Any) -> PublishGuidance:
    return PublishGuidance(**_command(**{"guidance": guidance(), **over}))


def change_guidance(**over: Any) -> ChangeGuidance:
    return ChangeGuidance(**_command(**{"guidance": guidance(otherwise=""), **over}))


def verify_guidance(**over: Any) -> VerifyGuidance:
    return VerifyGuidance(**_command(**{"verified_on": TODAY, **over}))


def withdraw_guidance(**over: Any) -> WithdrawGuidance:
    return WithdrawGuidance(**_command(**over))


def guidance_published(number: int = 1, **over: Any) -> GuidancePublished:
    return GuidancePublished.model_validate(_entry(number, **{"guidance": guidance(), **over}))


def guidance_changed(number: int = 2, **over: Any) -> GuidanceChanged:
    return GuidanceChanged.model_validate(_entry(number, **{"guidance": guidance(otherwise=""), **over}))


def guidance_verified(number: int = 2, **over: Any) -> GuidanceVerified:
    return GuidanceVerified.model_validate(_entry(number, **{"verified_on": TODAY, **over}))


def guidance_withdrawn(number: int = 2, **over: Any) -> GuidanceWithdrawn:
    return GuidanceWithdrawn.model_validate(_entry(number, **over))


COMPLETE: tuple[Event, ...] = (
    guidance_published(),
    guidance_changed(),
    guidance_verified(),
    guidance_withdrawn(),
)
_BARE = GuidanceContent(
    need=Need.DEBTS, problem="Přišla výzva exekutora", eligibility="", route=("Zavolat do poradny",)
)
REQUIRED: tuple[Event, ...] = (
    guidance_published(guidance=_BARE),
    guidance_changed(guidance=_BARE),
    guidance_verified(),
    guidance_withdrawn(),
)
