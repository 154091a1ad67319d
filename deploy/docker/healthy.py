"""Inside a container: does its service answer? `python -m deploy.docker.healthy NODE.toml SERVICE`, exit status 0 or 1.

Asks as the others would, over the node's bus or over HTTP. It runs every half minute in each container, so it imports
next to nothing.
"""

import asyncio
import json
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import nats
from nats.errors import Error

PATIENCE_S = 5


async def state(folder: Path, bus: dict[str, Any], service: str) -> str:
    """Why it is not well; empty: it is."""
    user = "operator" if "users" in bus else None
    password = tomllib.loads((folder / bus["users"]).read_text())[user] if user else None
    try:
        async with await nats.connect(
            bus["url"],
            user=user,
            password=password,
            inbox_prefix=f"_INBOX.{user}" if user else "_INBOX",
            allow_reconnect=False,
            connect_timeout=PATIENCE_S,
        ) as client:
            reply = await client.request(f"state.{service}", b"{}", timeout=PATIENCE_S)
    except (Error, OSError, TimeoutError) as error:
        return type(error).__name__
    return str(json.loads(reply.data).get("error", ""))


def portal(port: int) -> str:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/live", timeout=PATIENCE_S):
            return ""
    except OSError as error:
        return type(error).__name__


def main(node_toml: Path, service: str) -> None:
    node = tomllib.loads(node_toml.read_text(encoding="utf-8"))
    if service == "portal":
        why = portal(node["portal"]["port"])
    else:
        why = asyncio.run(state(node_toml.parent, node["bus"], service))
    sys.exit(f"{service} is not well: {why}" if why else 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
