"""Sealing and opening the personal fields of events and rows."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel

from libs.privacy.keys import Forgotten, SubjectKeys, clear_content, scope_of, seal, unseal
from libs.privacy.personal import Personal

M = TypeVar("M", bound=BaseModel)


async def seal_fields(keys: SubjectKeys, message: M, subjects: Mapping[str, str], event_id: UUID) -> M:
    """The same message with every clear personal value sealed under its subject's key.

    subjects   personal field → field that holds the data subject
    Raises Forgotten if a subject was forgotten. Values that are sealed already stay as they are.
    """
    clear = {name: getattr(message, subject) for name, subject in subjects.items() if _is_clear(getattr(message, name))}
    if not clear:
        return message
    ciphers = await keys.ready(clear.values(), create=True)
    sealed: dict[str, Any] = dict(message)
    for name, scope in clear.items():
        cipher = ciphers[scope]
        if cipher is None:
            raise Forgotten("this person was forgotten")
        sealed[name] = Personal[Any](token=seal(cipher, scope, event_id, name, clear_content(sealed[name])))
    return type(message).model_construct(**sealed)


async def open_fields(keys: SubjectKeys, messages: Iterable[M]) -> list[M]:
    """The same messages with every sealed value opened; a forgotten person's values are withheld."""
    found = list(messages)
    tokens = [value.token for one in found for _, value in one if isinstance(value, Personal) and value.token]
    if not tokens:
        return found
    ciphers = await keys.ready((scope_of(token) for token in tokens), create=False)
    opened: list[M] = []
    for one in found:
        fields: dict[str, Any] = dict(one)
        for name, value in fields.items():
            if isinstance(value, Personal) and value.token:
                cipher = ciphers[scope_of(value.token)]
                fields[name] = Personal[Any]() if cipher is None else Personal[Any](unseal(cipher, value.token))
        opened.append(type(one).model_construct(**fields))
    return opened


def _is_clear(value: Any) -> bool:
    return isinstance(value, Personal) and value.is_clear
