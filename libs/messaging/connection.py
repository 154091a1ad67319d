"""nats-py's client, quicker with headers, which can also send many messages at once."""

from collections.abc import Iterable, Mapping

import nats.errors
from nats.aio.client import Client

from libs.messaging.headers import read_headers

Message = tuple[str, Mapping[str, str], bytes]
"""Subject, headers, body."""


class Connection(Client):
    """`connect()` makes it. All of nats-py is there; one thing is added, and one is quicker.

    A follower spent half of its time in nats-py's reading of headers. Should a later nats-py call that step otherwise,
    its own counts again: slower, and the same.
    """

    _parse_header_lines = staticmethod(read_headers)

    async def publish_many(self, messages: Iterable[Message]) -> None:
        """As `publish` one after the other, without a reply, for a quarter of the CPU.

        nats-py takes each header through a regular expression and four steps; a relay sends fifteen with every event.
        """
        if not self.is_connected:
            raise nats.errors.OutboundBufferLimitError
        commands = [self._written(*message) for message in messages]
        self.stats["out_msgs"] += len(commands)
        await self._send_command(b"".join(commands))
        await self._flush_pending()

    def _written(self, subject: str, headers: Mapping[str, str], body: bytes) -> bytes:
        """HPUB of the NATS client protocol. A line break would end a header, and begin one nobody meant."""
        if len(body) > self.max_payload:
            raise nats.errors.MaxPayloadError
        said = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        if not said.count("\r") == said.count("\n") == len(headers):
            raise nats.errors.BadHeaderError("a line break")
        head = f"NATS/1.0\r\n{said}\r\n".encode()
        return b"".join((f"HPUB {subject} {len(head)} {len(head) + len(body)}\r\n".encode(), head, body, b"\r\n"))
