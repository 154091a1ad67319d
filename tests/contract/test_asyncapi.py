"""The kept documents say what the services do: every subject, every model, and nothing that points nowhere."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.commands.asyncapi import FOLDER, NOWHERE, document, text_of
from deploy.node import SERVICES, service
from libs.messaging.subjects import command_subject, door_subject, event_subject, query_subject

AGAIN = "Make them again: .venv/bin/python -m deploy.cli asyncapi"


def kept(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SERVICES)
def test_the_kept_document_is_what_the_service_does_today(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == text_of(name), AGAIN


def test_no_document_is_kept_of_a_service_there_is_not() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} == set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_every_command_question_and_event_is_in_it(name: str) -> None:
    declared = service(name, NOWHERE)
    published = declared.published
    subjects = {
        *(command_subject(name, one, cls) for one, many in published.commands.items() for cls in many),
        *(query_subject(name, question) for question in published.queries),
        *(event_subject(name, f"{one}-", cls.stored_type) for one, many in published.events.items() for cls in many),
        *(door_subject(name, one.asked) for one in declared.answers),
        *(f"refill.{name}", f"state.{name}", f"letter.{name}.receive", f"letter.{name}.disclose"),
    }
    assert {channel["address"] for channel in kept(name)["channels"].values()} == subjects | {None}


@pytest.mark.parametrize("name", SERVICES)
def test_whoever_asks_is_told_what_comes_back(name: str) -> None:
    for operation in kept(name)["operations"].values():
        assert (operation["action"] == "receive") == ("reply" in operation)


@pytest.mark.parametrize("name", SERVICES)
def test_everything_it_points_to_is_there(name: str) -> None:
    paper = kept(name)
    for pointed in set(_pointed(paper)):
        at: Any = paper
        for part in pointed.removeprefix("#/").split("/"):
            assert part in at, pointed
            at = at[part]


def test_a_personal_value_is_documented_as_withheld() -> None:
    schemas = document(service("cases", NOWHERE))["components"]["schemas"]
    assert schemas["ReferralOpened"]["properties"]["reason"]["type"] == "null"
    assert schemas["OpenReferral"]["properties"]["reason"] != schemas["ReferralOpened"]["properties"]["reason"]


@pytest.mark.parametrize("name", SERVICES)
def test_it_names_no_place_but_a_neutral_one(name: str) -> None:
    assert [server["host"] for server in kept(name)["servers"].values()] == ["localhost:4222"]


def _pointed(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref":
                yield value
            else:
                yield from _pointed(value)
    elif isinstance(part, list):
        for value in part:
            yield from _pointed(value)
