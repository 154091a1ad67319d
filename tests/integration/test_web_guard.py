"""What guards every page, over all routes found by introspection: headers, who is let in, which posts are taken."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from deploy.demo.people import OLGA, RADKA
from services.portal.web.session import COOKIE
from tests.web import routes
from tests.web.document import read
from tests.web.told import GUEST, Told, Visitor

CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
    "cache-control": "no-store",
}
OF_ALL_TIME = ("/static/", "/vzhled/")
"""Public files whose name changes with their content may be kept."""
PUBLIC = {
    "GET /galerie",
    "GET /pozvanka",
    "GET /pozvanka/{link}",
    "GET /prihlaseni",
    "GET /prihlaseni/kod",
    "GET /prihlaseni/organizace",
    "GET /prihlaseni/organizace/zpet",
    "GET /pristupnost",
    "GET /verejne/adresar",
    "GET /verejne/adresar/hledani/{handle}",
    "GET /verejne/adresar/{organisation_id:uuid}",
    "GET /verejne/adresar/{organisation_id:uuid}/{service_id:uuid}",
    "GET /verejne/metodika",
    "GET /verejne/metodika/{guidance_id:uuid}",
    "GET /vzhled/{name}",
    "POST /odhlaseni",
    "POST /pozvanka",
    "POST /pozvanka/klic",
    "POST /pozvanka/klic/zadost",
    "POST /prihlaseni",
    "POST /prihlaseni/klic",
    "POST /prihlaseni/klic/zadost",
    "POST /prihlaseni/kod",
    "POST /prihlaseni/zpet",
    "POST /verejne/adresar",
    "POST /vzhled-stranky",
}
SIGN_OUT = "/odhlaseni"
AT_THE_DOOR = (SIGN_OUT, "/prihlaseni", "/pozvanka")
"""Here failures are counted, and slow down everybody who comes from this address."""
TYPED = "Kanárek ve formuláři"
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
]
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
]


@pytest_asyncio.fixture
async def olga(told: Told) -> AsyncIterator[httpx.AsyncClient]:
    """Of a team leader, who may post most."""
    async with told.http(Visitor(OLGA.organisation, OLGA)) as http:
        yield http


@pytest_asyncio.fixture
async def guest(told: Told) -> AsyncIterator[httpx.AsyncClient]:
    async with told.http(GUEST) as http:
        yield http


def wrong_headers(reply: httpx.Response) -> list[str]:
    path = urlsplit(str(reply.url)).path
    expected = dict(HEADERS)
    if path.startswith(OF_ALL_TIME) and reply.status_code == 200:
        expected["cache-control"] = "public, max-age=31536000, immutable"
    wrong = [
        f"{reply.request.method} {path} {reply.status_code}: {name} is {reply.headers.get(name)!r}"
        for name, value in expected.items()
        if reply.headers.get(name) != value
    ]
    said = dict(one.split(maxsplit=1) for one in reply.headers.get("content-security-policy", "").split(";"))
    if said | {"worker-src": "'self'"} != CSP:
        wrong.append(f"{reply.request.method} {path} {reply.status_code}: the policy is {said}")
    return wrong


def test_every_answer_carries_the_headers(told: Told) -> None:
    wrong = [one for visit in told.visits for one in wrong_headers(visit.reply)]
    assert not wrong, "\n".join(wrong)


async def test_every_refusal_carries_the_headers(olga: httpx.AsyncClient, guest: httpx.AsyncClient) -> None:
    replies = [
        await olga.get("/neni"),
        await olga.get("/static/0/spojka.css"),
        await olga.post("/neni"),
        await olga.put("/"),
        await olga.post("/hledat", headers=FOREIGN[0]),
        await olga.post("/hledat", content=b"x" * 2_000_000),
        await olga.post("/hledat", content=b"{", headers={"Content-Type": "multipart/form-data; boundary=x"}),
        await guest.get("/"),
        await guest.post("/hledat"),
    ]
    assert not [one.status_code for one in replies if one.status_code < 300 or one.status_code >= 500]
    wrong = [one for reply in replies for one in wrong_headers(reply)]
    assert not wrong, "\n".join(wrong)


async def test_without_signing_in_nothing_is_shown(guest: httpx.AsyncClient) -> None:
    """A question leads to the sign-in page; what was posted waits there, sealed."""
    wrong: list[str] = []
    for route in routes.routes():
        if route.public:
            continue
        data = {"note": TYPED} if route.method == "POST" else None
        reply = await guest.request(route.method, routes.filled(route.template), data=data)
        fields = [field for form in read(reply.text).forms for field in form.fields]
        is_kept = any(one.name == "posted" and one.value for one in fields) and TYPED not in reply.text
        leads_in = urlsplit(reply.headers.get("location", "")).path == "/prihlaseni" and not reply.content
        if (reply.status_code, leads_in if route.method == "GET" else is_kept) not in ((303, True), (401, True)):
            wrong.append(f"{route}: {reply.status_code}")
    assert not wrong, "\n".join(wrong)


def test_public_routes_are_those_that_were_reviewed() -> None:
    found = {str(one) for one in routes.routes() if one.public}
    assert sorted(found ^ PUBLIC) == []


@pytest.mark.changes_the_story
async def test_another_site_posts_in_vain(olga: httpx.AsyncClient) -> None:
    """And a post of this site is not taken for another's: else this would prove nothing."""
    wrong: list[str] = []
    own = ({"Sec-Fetch-Site": "same-origin"}, {"Origin": str(olga.base_url).rstrip("/")})
    del olga.headers["Sec-Fetch-Site"]
    for route in routes.of("POST"):
        path = routes.filled(route.template)
        for headers in FOREIGN:
            reply = await olga.post(path, data={"name": "x", "text": "x"}, headers=headers)
            if reply.status_code != 403 or "location" in reply.headers or COOKIE in reply.headers.get("set-cookie", ""):
                wrong.append(f"{route} with {headers}: {reply.status_code}")
        if route.template.startswith(AT_THE_DOOR):
            continue
        for headers in own:
            if (await olga.post(path, data={}, headers=headers)).status_code in (403, 500):
                wrong.append(f"{route} with {headers} is refused")
    assert not wrong, "\n".join(wrong)


def test_only_posts_change_anything() -> None:
    assert {one.method for one in routes.routes()} == {"GET", "POST"}


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
async def test_nobody_is_led_to_another_site(told: Told, olga: httpx.AsyncClient, elsewhere: str) -> None:
    """Whatever an address or a hidden field says where to go on."""
    replies = [await olga.post("/vzhled-stranky", data={"back": elsewhere, "lang": "cs"})]
    async with told.http(GUEST) as guest:
        page = await guest.get("/prihlaseni", params={"dal": elsewhere})
        hidden = {one.name: one.value for form in read(page.text).forms for one in form.fields if one.kind == "hidden"}
        assert elsewhere not in hidden.values()
        replies.append(
            await told.enter(guest, Visitor(RADKA.organisation, RADKA), {"dal": elsewhere, "onward": elsewhere})
        )
    for reply in replies:
        parts = urlsplit(reply.headers.get("location", "/"))
        assert (reply.status_code, parts.scheme, parts.netloc) == (303, "", "")
        assert parts.path.startswith("/") and not parts.path.startswith(("//", "/\\"))


async def test_a_session_cookie_is_for_this_host_over_tls_and_for_no_script(told: Told) -> None:
    async with told.http(GUEST) as guest:
        reply = await told.enter(guest, Visitor(RADKA.organisation, RADKA))
    [session] = [one for one in reply.headers.get_list("set-cookie") if one.startswith(COOKIE)]
    attributes = {one.strip().lower() for one in session.split(";")[1:]}
    assert {"path=/", "secure", "httponly", "samesite=lax"} <= attributes
    assert not any(one.startswith("domain") for one in attributes)


async def test_signing_out_ends_the_session_itself(told: Told) -> None:
    async with told.http(GUEST) as guest:
        await told.enter(guest, Visitor(RADKA.organisation, RADKA))
        kept = {"Cookie": "; ".join(f"{name}={value}" for name, value in guest.cookies.items())}
        assert (await guest.get("/", headers=kept)).status_code == 200
        assert (await guest.post(SIGN_OUT, headers=kept)).status_code == 303
        reply = await guest.get("/", headers=kept)
    assert reply.status_code == 303
