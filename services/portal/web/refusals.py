"""Refusals in the reader's language: what happened, what is safe, what to do next.

The words lie in the catalogues (locale/*/refusals.po): context `refusal` by the code of a rule, or by `matter.code`
where one code means different things in different matters; context `field` by the kind of a mistake in a field.
"""

from collections.abc import Mapping

from pydantic import ValidationError

from libs.messaging import Problem
from services.portal.web.form import Refused
from services.portal.web.language import Language


def refused_by_service(problem: Problem, language: Language, matter: str = "") -> Refused:
    """What a service said. matter: the aggregate it was asked of."""
    fields = {one.field: language.pgettext("field", "invalid") for one in problem.fields}
    return Refused(problem.kind, problem.code, sentence(problem.code, problem.kind, language, matter), fields)


def refused_fields(error: ValidationError, language: Language) -> Refused:
    """What does not fit, before anything was sent."""
    fields: dict[str, str] = {}
    for one in error.errors(include_input=False, include_url=False):
        name = str(one["loc"][0]) if one["loc"] else ""
        fields.setdefault(name, field_sentence(one["type"], one.get("ctx", {}), language))
    return Refused("invalid", "invalid", sentence("invalid", "invalid", language), fields)


def sentence(code: str, kind: str, language: Language, matter: str = "") -> str:
    """The words for a code in this matter, or anywhere; for one without words of its own, those of its kind."""
    for key in (f"{matter}.{code}", code, kind):
        if (text := language.pgettext("refusal", key)) != key:
            return text
    return language.pgettext("refusal", "fault")


def field_sentence(kind: str, context: Mapping[str, object], language: Language) -> str:
    """The words for a pydantic error type, limits filled in."""
    if (text := language.pgettext("field", kind)) == kind:
        text = language.pgettext("field", "invalid")
    return text % {name: value for name, value in context.items() if isinstance(value, int | float | str)}
