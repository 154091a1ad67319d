"""What travels over HTTP, derived from what travels inside the node.

A client never says who acts: commands and questions come without `actor`, and the portal fills it in.
"""

from typing import Any, TypeVar

from pydantic import create_model

from libs.eventlog import Actor, Command, Frozen, is_personal
from libs.messaging import Query, View

M = TypeVar("M", bound=Command | Query)
OURS = {"actor", "correlation_id", "causation_id"}
"""Fields a client may not choose."""


def request_model(message: type[Command] | type[Query]) -> type[Frozen]:
    """The same fields, limits and description without the fields that are ours."""
    fields: dict[str, Any] = {
        name: (info.annotation, info) for name, info in message.model_fields.items() if name not in OURS
    }
    return create_model(
        message.__name__, __base__=Frozen, __module__=message.__module__, __doc__=message.__doc__, **fields
    )


def row_model(view: type[View]) -> type[View]:
    """The view, with every personal column nullable: a forgotten person's are withheld."""
    personal: dict[str, Any] = {}
    for name, info in view.model_fields.items():
        column: Any = info.annotation
        if is_personal(column):
            personal[name] = (column | None, info)
    if not personal:
        return view
    return create_model(view.__name__, __base__=view, __module__=view.__module__, __doc__=view.__doc__, **personal)


def as_told_by(message: type[M], wish: Frozen, actor: Actor) -> M:
    """The command or question itself. Raises ValidationError where fields do not fit each other."""
    return message(actor=actor, **dict(wish))
