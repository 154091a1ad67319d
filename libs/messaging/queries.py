"""Questions and answers: what the portal may ask of a service."""

from libs.eventlog import Actor, Frozen


class Query(Frozen):
    """A question. Its own fields, in order, are the parameters of the named SQL query that answers it."""

    actor: Actor


class View(Frozen):
    """One row of an answer. Field names are the columns; `Personal` fields are opened just before leaving."""
