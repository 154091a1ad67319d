"""Headers of a message, read as nats-py reads them. It looks at every letter of every name of every message."""

from functools import lru_cache

SPACE = " \t\n\r\v\f"


def read_headers(raw: bytes) -> dict[str, str]:
    """`Name: value` in lines. A line without a colon, or with a name that is none, is left out."""
    found: dict[str, str] = {}
    for line in raw.decode("utf-8", "replace").split("\r\n"):
        written, colon, value = line.partition(":")
        if colon and (name := _name(written)) is not None:
            found[name] = value.strip(SPACE)
    return found


@lru_cache(maxsize=1_000)
def _name(written: str) -> str | None:
    """The same few names come with every message. None: not ASCII, or a space within."""
    name = written.strip(SPACE)
    return None if not name.isascii() or any(letter.isspace() for letter in name) else name
