"""Who is found by a nickname or a code, and who no longer is."""

from typing import Any
from uuid import UUID

from libs.codelists import LadderStage
from libs.privacy import Personal
from services.contacts.person.views import PersonName
from services.portal.web.finder import Known, folded


def person(number: int, nickname: str | None = None, *, code: str | None = None, **over: Any) -> PersonName:
    filled: dict[str, Any] = {
        "person_id": UUID(int=number),
        "nickname": Personal(nickname) if nickname else None,
        "code": code,
        "stage": LadderStage.NICKNAME,
        "team": "LOKET",
        "age_band": None,
        "gone": False,
        "position": number,
    }
    return PersonName(**(filled | over))


def found(known: Known, text: str) -> list[int]:
    return [one.person_id.int for one in known.find(text, 10)]


def test_as_people_type_on_a_phone():
    known = Known()
    known.learn([person(1, "Šimon Žlutý"), person(2, "Máňa"), person(3, "Stará Máňa"), person(4, None, code="4F7K")])
    assert found(known, "zlut") == [1]
    assert found(known, "MANA") == [2, 3]  # who begins with it comes first
    assert found(known, "4f7k") == [4] and found(known, "4f7") == []
    assert found(known, "  ") == [] and found(known, "Dendy") == []


def test_whoever_is_gone_is_found_no_more():
    known = Known()
    known.learn([person(1, "Máňa"), person(2, "Dendy")])
    known.learn([person(1, gone=True, position=3)])
    assert found(known, "mana") == [] and found(known, "dendy") == [2]
    assert known.position == 3


def test_a_new_nickname_replaces_the_old_one():
    known = Known()
    known.learn([person(1, "Máňa"), person(1, "Maruna", position=2)])
    assert found(known, "mana") == [] and found(known, "maruna") == [1]


def test_folding_leaves_letters_and_digits():
    assert folded(" Ťapka-Č. 7 ") == "tapkac7"
