"""What `read_headers` reads is what nats-py reads, whatever the bytes are."""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.aio.client import Client

from libs.messaging.connection import Connection
from libs.messaging.headers import read_headers

PIECE = st.sampled_from([b"ce-id", b":", b": ", b"\r\n", b"\r", b"\n", b" ", b"\t", b"\x1c", b"\xc2\xa0", b"\xff"])
theirs = Client._parse_header_lines  # pyright: ignore[reportPrivateUsage]


@given(st.lists(PIECE, max_size=20).map(b"".join))
def test_the_same_headers_as_nats_py(raw: bytes) -> None:
    assert read_headers(raw) == theirs(raw)


@pytest.mark.parametrize("raw", [b"", b"ce-id: 1\r\nposition: 7\r\n\r\n", "kdo: Žofie\r\nžofie: kdo\r\n".encode()])
def test_the_same_of_an_example(raw: bytes) -> None:
    assert read_headers(raw) == theirs(raw)


def test_the_client_reads_by_it() -> None:
    """Or a later nats-py goes another way, and followers are slow again."""
    assert Connection._parse_header_lines is read_headers  # pyright: ignore[reportPrivateUsage]
    assert "self._parse_header_lines" in inspect.getsource(Client._process_headers)  # pyright: ignore[reportPrivateUsage]
