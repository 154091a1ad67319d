"""A short visit to the hub under a key of ours, with a user made for the occasion."""

import base64
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from nats.aio.client import Client

from deploy.nats import jwt

VISIT = 300
"""Seconds a visitor's token is good for."""


@asynccontextmanager
async def connected(url: str, account: jwt.Key, name: str) -> AsyncGenerator[Client]:
    """A connection as a new user of this account. Raises nats errors if the hub is away."""
    user = jwt.Key.make("user")
    token = jwt.user(name, user.public, account, lives=VISIT)
    client = Client()

    async def quiet(_: Exception) -> None: ...

    try:
        await client.connect(
            url,
            name=name,
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            user_jwt_cb=lambda: bytearray(token.encode()),
            signature_cb=lambda nonce: base64.b64encode(user.sign(nonce.encode())),
            error_cb=quiet,
        )
        yield client
    finally:
        await client.close()
