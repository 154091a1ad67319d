"""A post that another site made the browser send is not taken."""

import pytest
from starlette.requests import Request

from services.portal.web.guard import is_foreign


def request(method: str = "POST", **headers: str) -> Request:
    sent = [
        (name.replace("_", "-").encode(), value.encode()) for name, value in {"host": "spojka.test", **headers}.items()
    ]
    return Request({"type": "http", "method": method, "headers": sent, "path": "/"})


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({"sec_fetch_site": "same-origin", "origin": "https://spojka.test"}, False),
        ({"sec_fetch_site": "none"}, False),
        ({"sec_fetch_site": "cross-site", "origin": "https://spojka.test"}, True),
        ({"sec_fetch_site": "same-site"}, True),
        ({"origin": "https://spojka.test"}, False),
        ({"origin": "https://elsewhere.test"}, True),
        ({"origin": "null"}, True),
        ({}, False),
    ],
)
def test_who_sent_it(headers: dict[str, str], foreign: bool):
    assert is_foreign(request(**headers)) is foreign


def test_reading_is_never_foreign():
    assert not is_foreign(request("GET", sec_fetch_site="cross-site"))
