"""What a code is: a stable word for the log, and what a person reads instead, in Czech and English."""

from enum import StrEnum
from typing import Literal, Self

Language = Literal["cs", "en"]


class Code(StrEnum):
    """One entry of a code list, written as `NAME = code, Czech label, English label`.

    The code is what lies in the log and never changes; labels may. A label cannot be forgotten: an entry
    without both is a TypeError at import.
    """

    cs: str
    en: str

    def __new__(cls, code: str, cs: str, en: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.cs, member.en = cs, en
        return member


def label(code: Code, language: Language) -> str:
    """What a person reads: `label(Need.HOUSING, "cs")` → `bydlení`. Lower case, as inside a sentence."""
    return code.cs if language == "cs" else code.en
