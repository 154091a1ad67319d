"""A form filled in as a browser would send it, with something that fits in every field."""

from datetime import UTC, datetime, timedelta

from tests.web.document import Field, Form

LEFT_OUT = ("submit", "button", "reset", "file")


def filled(form: Form, words: str) -> dict[str, list[str]]:
    """words: for every field that takes words. What is chosen or dated already stays."""
    sent: dict[str, list[str]] = {}
    chosen = {one.name for one in form.fields if one.kind == "radio" and one.checked}
    for one in form.fields:
        if not one.name or one.kind in LEFT_OUT:
            continue
        if one.kind == "radio":
            if not one.checked and one.name in chosen:
                continue
            chosen.add(one.name)
        sent.setdefault(one.name, []).append(_value(one, words))
    return sent


def _value(one: Field, words: str) -> str:
    soon = datetime.now(UTC).date() + timedelta(days=7)
    match one.tag, one.kind:
        case "textarea", _:
            return words
        case "select", _:
            return one.value or next((value for value in one.options if value), "")
        case _, "hidden" | "radio" | "checkbox":
            return one.value
        case _, "date":
            return one.value or soon.isoformat()
        case _, "time":
            return one.value or "10:00"
        case _, "month":
            return one.value or soon.isoformat()[:7]
        case _, "number":
            return one.value or "1"
        case _:
            return words
