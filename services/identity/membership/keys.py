"""Which of two signed key sets counts. Pure: who signed them was checked before they came here.

The hub may serve an old set on purpose, so a serial never goes down; and one serial has one content.
"""

from enum import StrEnum


class Standing(StrEnum):
    """An offered key set against the one in force."""

    NEWER = "newer"
    KNOWN = "known"
    OLDER = "older"
    CONTRADICTS = "contradicts"


def standing(
    offered_serial: int, offered_document: str, known_serial: int | None, known_document: str | None
) -> Standing:
    """How an offered key set stands to the one in force (None: there is none yet).

    CONTRADICTS: the same serial, other bytes. Either the root signed twice, or somebody else holds it.
    """
    if known_serial is None or offered_serial > known_serial:
        return Standing.NEWER
    if offered_serial < known_serial:
        return Standing.OLDER
    return Standing.KNOWN if offered_document == known_document else Standing.CONTRADICTS
