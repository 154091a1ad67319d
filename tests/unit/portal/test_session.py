"""What the portal makes of a browser's headers, and where it lets nobody be led."""

from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from starlette.requests import Request

from libs.messaging import Bus
from libs.privacy import NodeKey
from libs.service import Settings
from libs.service.settings import BusPlace, Keys, Organisation, Portal, Store
from services.portal.web.carried import Carrier
from services.portal.web.session import Sessions, local_path

KEY = NodeKey(b"k" * 32)


def sessions(**portal: Any) -> Sessions:
    settings = Settings(
        organisation=Organisation(id=UUID(int=1), code="pristav", name="Přístav", kind="ngo_service"),
        store=Store(url="postgresql://localhost/{database}"),
        bus=BusPlace(url="nats://localhost:4222"),
        keys=Keys(folder=Path("keys")),
        portal=Portal.model_validate({"port": 0, "token_file": "portal.token", **portal}),
    )
    return Sessions(settings, cast(Bus, None), KEY)


def request(peer: str = "192.0.2.7", **headers: str) -> Request:
    told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "client": (peer, 1), "server": ("127.0.0.1", 8080), "headers": told})


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),  # no server of ours: what it claims counts nothing
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "203.0.113.9, 198.51.100.1", "198.51.100.1"),  # the first was sent by the client itself
        ("10.0.0.2", "198.51.100.1, 10.0.0.3", "198.51.100.1"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", " , ", "10.0.0.2"),
    ],
)
def test_where_somebody_comes_from_is_the_word_of_our_own_servers(peer: str, forwarded: str, address: str):
    ours = sessions(proxies=["10.0.0.2", "10.0.0.3"])
    assert ours.comes(request(peer, x_forwarded_for=forwarded)).address.reveal() == address


def test_a_server_on_this_machine_is_believed_without_being_named():
    assert sessions().comes(request("127.0.0.1", x_forwarded_for="198.51.100.1")).address.reveal() == "198.51.100.1"


def test_the_origin_is_never_what_a_client_claims():
    assert sessions().origin(request(host="evil.example")) == "http://localhost:8080"
    assert sessions(origin="https://spojka.example.org").origin(request()) == "https://spojka.example.org"


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0 Safari/537.36 Edg/141.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 8) Chrome/141.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox, Linux"),
        ("curl/8", "–"),
        ("", "–"),
    ],
)  # fmt: skip
def test_a_browser_is_known_by_name_and_system_alone(agent: str, label: str):
    assert sessions().comes(request(user_agent=agent)).browser.reveal() == label


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "\\\\evil.example", "/\t/evil.example", "/\n/x",
     "javascript:alert(1)", "evil.example", "", "///evil.example", "/x\\y"],
)  # fmt: skip
def test_nobody_is_led_to_another_site(elsewhere: str):
    assert local_path(elsewhere) == "/"


@pytest.mark.parametrize("here", ["/", "/klienti/0198?x=1#y", "/kontakty?month=2026-05-01"])
def test_a_page_of_this_site_is_kept(here: str):
    assert local_path(here) == here


def test_what_a_browser_carries_opens_for_its_purpose_in_its_time_and_whole(monkeypatch: pytest.MonkeyPatch):
    carrier = Carrier(KEY)
    sealed = carrier.seal("posted", {"text": "Dendy"})
    assert "Dendy" not in sealed
    assert carrier.open("posted", sealed) == {"text": "Dendy"}
    assert Carrier(KEY).open("posted", sealed) == {"text": "Dendy"}
    for purpose, text in (("other", sealed), ("posted", sealed[:-8] + "AAAAAAA="), ("posted", "x"), ("posted", "")):
        assert carrier.open(purpose, text) is None
    assert Carrier(NodeKey(b"j" * 32)).open("posted", sealed) is None
    monkeypatch.setattr("time.time", lambda: 4_000_000_000)
    assert carrier.open("posted", sealed) is None
