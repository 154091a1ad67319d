"""Who is found by a nickname or a code, and who no longer is."""

import random
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

import pytest

from libs.codelists import LadderStage
from libs.privacy import Personal
from services.contacts.person.views import PersonName
from services.portal.web.finder import Known
from services.portal.web.likeness import ENOUGH, distance, letters_of, squeezed


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


def alike(known: Known, text: str, at_most: int = 10) -> list[int]:
    return [one.person_id.int for one in known.alike(text, at_most)]


def test_somebody_written_a_little_differently_may_be_known_already():
    known = Known()
    known.learn([person(1, "Máňa"), person(2, "Dendynka"), person(3, "Dendy")])
    assert alike(known, "dendy") == [3, 2]
    assert alike(known, "MANA") == [1]
    assert alike(known, "dendi") == [3]
    assert alike(known, "Karel") == [] and alike(known, "  ") == []
    assert alike(known, "dendy", 1) == [3]


def test_a_code_is_found_by_its_beginning_or_a_part_but_not_by_likeness():
    known = Known()
    known.learn([person(1, None, code="K-4F7KAB12")])
    assert alike(known, "4f7k") == [1] and alike(known, "k-4f7") == [1]
    assert alike(known, "K-4F7KAB13") == []


@pytest.mark.parametrize("seed", range(20))
def test_no_likeness_is_lost_by_looking_at_the_letters_first(seed: int):
    dice = random.Random(seed)
    for _ in range(200):
        one, other = ("".join(dice.choices("abcd1čž", k=dice.randrange(1, 9))) for _ in range(2))
        wanted, known = squeezed(one), squeezed(other)
        ratio = SequenceMatcher(None, wanted, known).ratio()
        found = distance(wanted, letters_of(wanted), known, letters_of(known), "")
        assert found is not None or ratio < ENOUGH


def test_folding_leaves_letters_and_digits():
    assert squeezed(" Ťapka-Č. 7 ") == "tapkac7"
