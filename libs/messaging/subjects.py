"""Every subject of a node, in one place. No identifiers in subjects: each one costs the server memory.

command.<service>.<aggregate>.<name>        request-reply, a wish
query.<service>.<name>                      request-reply, a question
event.<service>.<aggregate>.<stored-type>   JetStream, what was committed
refill.<service>                            request-reply, pages straight from the log
letter.<service>.receive / .disclose        request-reply, courier only
door.<service>.<name>                       request-reply, portal only: nothing of it enters a log
state.<service>                             request-reply, health
wake.<service>                              core NATS ping after a commit
"""

from libs.eventlog import Command, Frozen, kebab


def command_subject(service: str, aggregate: str, command: type[Command]) -> str:
    return f"command.{service}.{aggregate}.{kebab(command.__name__)}"


def query_subject(service: str, name: str) -> str:
    return f"query.{service}.{name.replace('_', '-')}"


def event_subject(service: str, stream: str, stored_type: str) -> str:
    return f"event.{service}.{stream.split('-', 1)[0]}.{stored_type}"


def stream_name(service: str) -> str:
    """The JetStream stream of a service."""
    return service.upper()


def refill_subject(service: str) -> str:
    return f"refill.{service}"


def receive_subject(service: str) -> str:
    return f"letter.{service}.receive"


def disclose_subject(service: str) -> str:
    return f"letter.{service}.disclose"


def door_subject(service: str, asked: type[Frozen]) -> str:
    return f"door.{service}.{kebab(asked.__name__)}"


def state_subject(service: str) -> str:
    return f"state.{service}"


def wake_subject(service: str) -> str:
    return f"wake.{service}"
