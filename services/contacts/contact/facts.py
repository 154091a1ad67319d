"""Comparing and overlaying the facts of a contact, field by field. Pure."""

from services.contacts.contact.events import ContactRecorded, Facts

NAMES = tuple(Facts.model_fields)


def facts_of(event: ContactRecorded) -> Facts:
    """What a recorded contact says about every field."""
    return Facts.model_validate({name: getattr(event, name) for name in NAMES})


def changed(facts: Facts, changes: Facts) -> frozenset[str]:
    """Names of the fields that would get another value."""
    return frozenset(name for name in NAMES if getattr(changes, name) not in (None, getattr(facts, name)))


def only(facts: Facts, names: frozenset[str]) -> Facts:
    """The named fields; the others say nothing."""
    return Facts.model_validate({name: getattr(facts, name) for name in NAMES if name in names})


def overlaid(facts: Facts, changes: Facts) -> Facts:
    """Facts with the changed fields replaced."""
    return Facts.model_validate(
        {name: getattr(facts, name) if getattr(changes, name) is None else getattr(changes, name) for name in NAMES}
    )
