"""What may be released, on what ground, and what a child's plan covers (domain.md §8.14, L07)."""

from typing import Literal, Self
from uuid import UUID

from pydantic import model_validator

from libs.codelists.code import Code
from libs.eventlog import Frozen, Line


class ReleaseCategory(Code):
    """What data a release from confidentiality covers."""

    IDENTITY = "identity", "totožnost", "identity"
    NEED = "need", "potřeba", "need"
    ATTENDANCE = "attendance", "docházka", "attendance"
    PLAN_STEPS = "plan_steps", "kroky plánu", "plan steps"
    DEBTS = "debts", "dluhy", "debts"
    HOUSING = "housing", "bydlení", "housing"
    HEALTH = "health", "zdraví", "health"
    FAMILY = "family", "rodina", "family"
    OUTCOME = "outcome", "výsledek", "outcome"


class ProtectionArea(Code):
    """Areas of an IPOD, a child's protection plan."""

    HEALTH = "health", "zdraví", "health"
    LEARNING = "learning", "učení", "learning"
    EMOTIONS_AND_BEHAVIOUR = "emotions_and_behaviour", "emoce a chování", "emotions and behaviour"
    FAMILY_AND_SOCIAL_RELATIONS = (
        "family_and_social_relations",
        "rodinné a sociální vztahy",
        "family and social relations",
    )
    SELF_CONCEPT = "self_concept", "sebepojetí", "self-concept"
    SOCIAL_PRESENTATION = "social_presentation", "sociální prezentace", "social presentation"
    INDEPENDENCE = "independence", "samostatnost", "independence"
    CHILDS_VIEW = "childs_view", "názor a přání dítěte", "the child's opinion and wishes"
    FAMILY_CARE_AND_SAFETY = "family_care_and_safety", "péče rodiny a bezpečí", "family care and safety"
    OTHER = "other", "jiné", "other"


class LegalGround(Frozen):
    """Why a disclosure is lawful: a client's release, or a paragraph of an act. Exactly one of the two."""

    kind: Literal["release", "statute"]
    release_id: UUID | None = None
    act: Line | None = None
    paragraph: Line | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        by_release = self.release_id is not None
        by_statute = self.act is not None and self.paragraph is not None
        mixed = by_release and (self.act is not None or self.paragraph is not None)
        if mixed or not (by_release if self.kind == "release" else by_statute):
            raise ValueError("a ground names a release, or an act and its paragraph")
        return self


def by_release(release_id: UUID) -> LegalGround:
    return LegalGround(kind="release", release_id=release_id)


def by_statute(act: str, paragraph: str) -> LegalGround:
    """`by_statute("359/1999", "53")`"""
    return LegalGround(kind="statute", act=act, paragraph=paragraph)
