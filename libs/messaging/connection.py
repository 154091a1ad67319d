"""nats-py's client, quicker with headers."""

from nats.aio.client import Client

from libs.messaging.headers import read_headers


class Connection(Client):
    """`connect()` makes it. A follower spent half of its time in nats-py's reading of headers.

    Should a later nats-py call that step otherwise, its own counts again: slower, and the same.
    """

    _parse_header_lines = staticmethod(read_headers)
