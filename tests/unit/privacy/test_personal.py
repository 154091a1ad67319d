"""A personal value is in the clear only in memory, and says so loudly when somebody tries otherwise."""

import json
import logging
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from libs.eventlog import Text, new_id
from libs.privacy import CLEAR, STORED, KeyLost, NodeKey, Personal
from libs.privacy.keys import scope_of, seal, unseal
from libs.service.telemetry import JsonLines
from libs.testing.account.account import AccountOpened, OpenAccount

NAME = "Žaneta Oláhová"


def opened() -> AccountOpened:
    return AccountOpened(account_id=new_id(), owner=Personal(NAME))


def test_no_representation_shows_it() -> None:
    value = Personal[str](NAME)
    for shown in (repr(value), str(value), f"{value}", repr(opened()), str(opened())):
        assert NAME not in shown


def test_writing_a_clear_value_stops_the_program() -> None:
    with pytest.raises(PydanticSerializationError, match="must be sealed"):
        opened().model_dump_json()
    assert NAME in opened().model_dump_json(context=CLEAR)


def test_a_validation_error_does_not_quote_it() -> None:
    with pytest.raises(ValidationError) as caught:
        OpenAccount.model_validate({"owner": NAME * 100, "account_id": NAME})
    assert NAME not in str(caught.value)
    assert NAME not in json.dumps(caught.value.errors(include_input=False, include_context=False, include_url=False))


def test_a_client_cannot_slip_in_a_sealed_value() -> None:
    """Somebody else's token, put into an own record, would be opened for whoever reads that record."""
    told = {"account_id": str(new_id()), "owner": {"sealed": "1.a.b.c.d"}}
    with pytest.raises(ValidationError):
        AccountOpened.model_validate(told)
    assert AccountOpened.model_validate(told, context=STORED).owner.token == "1.a.b.c.d"


def test_a_neighbour_reads_nothing_where_the_value_was() -> None:
    told = AccountOpened.model_validate({"account_id": str(new_id()), "owner": None}, context=STORED)
    assert told.owner.is_withheld
    with pytest.raises(LookupError):
        told.owner.reveal()


def token(cipher: AESGCM, scope: UUID, event_id: UUID, field: str = "owner") -> str:
    return seal(cipher, scope, event_id, field, NAME)


def test_a_sealed_value_opens_under_its_key_alone() -> None:
    scope, cipher = new_id(), AESGCM(b"k" * 32)
    sealed = token(cipher, scope, new_id())
    assert NAME not in sealed
    assert scope_of(sealed) == scope
    assert unseal(cipher, sealed) == NAME
    with pytest.raises(KeyLost):
        unseal(AESGCM(b"x" * 32), sealed)


@pytest.mark.parametrize("part", [1, 2, 3, 4])
def test_a_sealed_value_moved_elsewhere_does_not_open(part: int) -> None:
    cipher = AESGCM(b"k" * 32)
    one, other = token(cipher, new_id(), new_id()), token(cipher, new_id(), new_id(), "note")
    parts = one.split(".")
    parts[part] = other.split(".")[part]
    with pytest.raises(KeyLost):
        unseal(cipher, ".".join(parts))


def test_the_key_of_a_node_is_never_replaced(tmp_path: Any) -> None:
    made = NodeKey.create(tmp_path / "node.key")
    assert (tmp_path / "node.key").stat().st_mode & 0o777 == 0o600
    assert NodeKey.from_file(tmp_path / "node.key") == made
    with pytest.raises(FileExistsError):
        NodeKey.create(tmp_path / "node.key")


def test_a_log_line_carries_no_argument_and_no_message_of_an_error() -> None:
    try:
        raise ValueError(NAME)
    except ValueError as error:
        record = logging.LogRecord(
            "spojka", 40, "x.py", 1, "failed for %s", (NAME,), (type(error), error, error.__traceback__)
        )
    record.__dict__["owner"] = NAME
    record.__dict__["code"] = "not_open"
    line = JsonLines().format(record)
    assert NAME not in line
    assert json.loads(line)["code"] == "not_open"


def test_text_may_be_as_long_as_the_rule_says_and_no_longer() -> None:
    from pydantic import TypeAdapter

    kept: Any = TypeAdapter(Personal[Text])
    assert len(kept.validate_python("ž" * 100_000).reveal()) == 100_000
    for wrong in ("ž" * 100_001, "a\x00b", 7):
        with pytest.raises(ValidationError):
            kept.validate_python(wrong)
