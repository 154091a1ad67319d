"""Every refusal a service can give has its words in both languages: what happened, what is safe, what to do."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, cast, get_args

import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from pydantic_core.core_schema import ErrorType

from libs.messaging import Problem
from services.portal.web.language import LANGUAGES, Language, merged
from services.portal.web.refusals import refused_by_service, refused_fields, sentence

ROOT = Path(__file__).parents[3]
SOURCES = [file for part in ("services", "libs") for file in (ROOT / part).rglob("*.py") if "testing" not in file.parts]
KINDS = {"rejected", "conflict", "invalid", "forbidden", "unavailable", "fault"}
GIVES_CODE = {"Rejected": "", "Broken": "", "LetterRefused": "letter.", "refusing": "letter."}
"""Calls whose first argument is a code, and what stands before it in the catalogue."""


@cache
def raised() -> frozenset[str]:
    """Codes that stand in the sources as they are."""
    return frozenset(code for file in SOURCES for code in _codes(file))


@cache
def begun() -> frozenset[str]:
    """Beginnings of codes that are put together: `password_` + why."""
    found = (
        str(cast("ast.Constant", code.values[0]).value)
        for file in SOURCES
        for code in _arguments(file)
        if isinstance(code, ast.JoinedStr)
    )
    return frozenset(found)


@cache
def words(language: str, context: str) -> dict[str, str]:
    """Key → text of one context."""
    return {str(one.id): str(one.string) for one in merged(language) if one.context == context}


def _codes(file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call)):
        prefix = GIVES_CODE.get(_name(call.func))
        if prefix is not None and call.args and isinstance(call.args[0], ast.Constant):
            yield f"{prefix}{call.args[0].value}"
        for given in call.keywords:
            if _name(call.func) == "Problem" and given.arg == "code" and isinstance(given.value, ast.Constant):
                yield str(given.value.value)
        if _name(call.func) == "__init__" and file.name == "errors.py" and len(call.args) == 2:
            yield from (str(one.value) for one in call.args[:1] if isinstance(one, ast.Constant))


def _arguments(file: Path) -> Iterator[ast.expr]:
    for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and _name(call.func) in GIVES_CODE and call.args:
            yield call.args[0]


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def test_the_sources_were_understood():
    assert {"already_terminal", "stale_version", "unavailable", "no_room", "forgotten", "too_long"} <= raised()
    assert {"letter.bad_signature", "letter.malformed"} <= raised()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_words(language: str):
    known = words(language, "refusal")
    lacking = sorted((raised() | KINDS) - known.keys())
    lacking += sorted(start for start in begun() if not any(key.startswith(start) for key in known))
    assert not lacking, f"add to locale/{language}/refusals.po: {', '.join(lacking)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_wait_for_a_code_that_nobody_gives(language: str):
    matters = {file.parent.name for file in SOURCES if file.name == "decider.py"}
    for key in words(language, "refusal").keys() - raised() - KINDS:
        matter, _, code = key.rpartition(".")
        put_together = any(key.startswith(start) for start in begun())
        assert put_together or (matter in matters and code in raised()), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_says_what_happened_what_is_safe_and_what_to_do(language: str):
    for key, text in words(language, "refusal").items():
        assert len(re.findall(r"[.!?](?: |$)", text)) >= 3, key
        assert "!" not in text, key


def test_both_languages_know_the_same_keys():
    for context in ("refusal", "field"):
        assert words("cs", context).keys() == words("en", context).keys()


LIMITS: list[tuple[Any, Any]] = [
    (Annotated[int, Field(ge=10)], 9),
    (Annotated[int, Field(gt=10)], 10),
    (Annotated[int, Field(le=10)], 11),
    (Annotated[int, Field(lt=10)], 10),
    (Annotated[int, Field(multiple_of=10)], 11),
    (Annotated[str, Field(min_length=10)], "short"),
    (Annotated[str, Field(max_length=10)], "much too long"),
    (Annotated[tuple[str, ...], Field(min_length=10)], ("one",)),
    (Annotated[tuple[str, ...], Field(max_length=10)], ("one",) * 11),
]
"""Fields with a limit of ten, and what does not fit into them."""


def test_a_limit_is_filled_in():
    told: set[str] = set()
    for field, typed in LIMITS:
        with pytest.raises(ValidationError) as refused:
            TypeAdapter[Any](field).validate_python(typed)
        found = refused_fields(refused.value, Language("cs"))
        assert "10" in found.fields[""]
        told.add(refused.value.errors()[0]["type"])
    assert told == {kind for kind, text in words("cs", "field").items() if "%(" in text}


def test_words_for_fields_are_of_kinds_that_there_are():
    """Of pydantic, or of a page that asks for them by name."""
    asked = {
        one.value
        for file in SOURCES
        if "web" in file.parts
        for one in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }
    assert words("cs", "field").keys() <= set(get_args(ErrorType)) | asked


def test_a_code_is_told_by_its_matter_first():
    czech = Language("cs")
    of_plan = refused_by_service(Problem(kind="rejected", code="too_early", sentence=""), czech, "plan")
    elsewhere = refused_by_service(Problem(kind="rejected", code="too_early", sentence=""), czech, "agreement")
    assert of_plan.text == sentence("plan.too_early", "rejected", czech)
    assert elsewhere.text == sentence("too_early", "rejected", czech)
    assert of_plan.text != elsewhere.text


def test_a_rule_of_a_policy_is_told_by_its_kind():
    czech = Language("cs")
    assert sentence("manager_keeps_projects", "forbidden", czech) == sentence("forbidden", "forbidden", czech)


def test_a_field_says_what_is_wrong_with_it():
    class Wish(BaseModel):
        minutes: int = Field(ge=10)
        note: str

    with pytest.raises(ValidationError) as refused:
        Wish.model_validate({"minutes": 5})
    found = refused_fields(refused.value, Language("en"))
    assert found.fields == {"minutes": "Write at least 10.", "note": "Fill in this field."}
