"""On what ground something is disclosed: the client's release, or a paragraph of an act."""

from typing import Any
from uuid import UUID, uuid5

from services.portal.web.form import Form

STATUTES = {
    "359-10": ("359/1999", "10"),
    "359-53": ("359/1999", "53"),
    "359-51": ("359/1999", "51"),
    "108-100a": ("108/2006", "100a"),
}
"""Those that are met every day; their words stand in templates/referrals/ground.html. Any other is typed."""


def ground_of(form: Form, person_id: UUID) -> dict[str, Any] | None:
    """What was chosen, for `SendReferral`; None: nothing, or not all of it."""
    match form["basis"]:
        case "release" if (label := form["release"].strip()) and form.checked("release_holds"):
            return {"kind": "release", "release_id": release_id(person_id, label)}
        case "statute" if form["statute"] in STATUTES:
            act, paragraph = STATUTES[form["statute"]]
            return {"kind": "statute", "act": act, "paragraph": paragraph}
        case "statute" if (act := form["act"].strip()) and (paragraph := form["paragraph"].strip()):
            return {"kind": "statute", "act": act, "paragraph": paragraph}
        case _:
            return None


def release_id(person_id: UUID, label: str) -> UUID:
    """The id of a signed release: the same for the same client and the same mark on the paper, and telling neither."""
    return uuid5(person_id, " ".join(label.casefold().split()))
