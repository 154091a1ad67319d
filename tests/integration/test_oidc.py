"""Signing in by an organisation's own provider: a real OpenID Connect provider runs beside the node."""

import time
import warnings
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from libs.privacy import Personal
from libs.service import Settings, SettingsMistake
from services.identity.sign_in import enrolling
from services.identity.sign_in.desk import Desk
from services.identity.sign_in.messages import LinkProvider
from services.portal.web.provider import Begun, Provider, ProviderRefused
from tests.integration.entrance import ORIGIN, Browser, Entrance, entrance_of, settings_for_entrance

if TYPE_CHECKING:
    from libs.testing.servers import PostgresServer, Servers

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib.*", "ignore::DeprecationWarning:oidc_provider.*"),
]

SUBJECT, SECRET, LEAVE = "radka@town.example", "a secret of the client", "/prihlaseni/organizace"
BACK = f"{ORIGIN}/prihlaseni/organizace/zpet"


@contextmanager
def running_provider() -> Generator[str]:
    """Its issuer. The mock warns of its own old imports."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from oidc_provider_mock import run_server_in_thread
    with run_server_in_thread(require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with running_provider() as found:
        yield found


@pytest.fixture(scope="module")
def settings(
    servers: "Servers", postgres: "PostgresServer", issuer: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    folder = tmp_path_factory.mktemp("node")
    (folder / "oidc.secret").write_text(f"{SECRET}\n")
    told = {"issuer": issuer, "client_id": "spojka", "client_secret_file": "oidc.secret"}
    with settings_for_entrance(servers, postgres, folder, oidc=told) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def node(settings: Settings) -> AsyncIterator[Entrance]:
    async with entrance_of(settings) as made:
        yield made


async def vouched(url: str, subject: str = SUBJECT) -> str:
    """At the provider: somebody signs in there; the address it sends the browser back to."""
    async with httpx.AsyncClient(trust_env=False) as http:
        reply = await http.post(url, data={"sub": subject})
        if reply.status_code == 200:
            reply = await http.post(url, data={"sub": subject, "action": "authorize"})
        assert reply.is_redirect, reply.text[:500]
        return reply.headers["location"]


async def come_back(browser: Browser, subject: str, onward: str = "/", **more: str) -> httpx.Response:
    """All the way: to the provider and back."""
    left = await browser.http.get(LEAVE, params={"dal": onward, **more})
    assert left.status_code == 303
    return await browser.http.get(await vouched(left.headers["location"], subject))


async def linked(node: Entrance, issuer: str, subject: str) -> Any:
    user, _, _ = await node.invited()
    asked = LinkProvider(actor=node.administrator, user_id=user, issuer=issuer, subject=Personal(subject))
    await enrolling.link_provider(Desk.of(node.service), asked)
    return user


# -- the whole way


async def test_a_linked_person_signs_in(node: Entrance, issuer: str):
    user = await linked(node, issuer, SUBJECT)
    async with node.browser() as browser:
        page = await browser.http.get("/prihlaseni", params={"dal": "/nastaveni/ja"})
        assert f'href="{LEAVE}?dal=/nastaveni/ja"' in page.text
        done = await come_back(browser, SUBJECT, "/nastaveni/ja")
        assert (done.status_code, done.headers["location"]) == (303, "/nastaveni/ja")
        assert (await browser.http.get("/")).text == f"home of {user}"


async def test_the_request_is_bound_by_state_nonce_and_pkce(node: Entrance, issuer: str):
    async with node.browser() as browser:
        left = await browser.http.get(LEAVE)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(left.headers["location"]).query).items()}
    assert (asked["response_type"], asked["scope"], asked["redirect_uri"]) == ("code", "openid", BACK)
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43
    [cookie] = left.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-provider=") and asked["state"] not in cookie and asked["nonce"] not in cookie
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= {one.strip().lower() for one in cookie.split(";")}


async def test_somebody_the_provider_knows_and_we_do_not_is_refused(node: Entrance):
    async with node.browser() as browser:
        done = await come_back(browser, "stranger@town.example")
        assert done.status_code == 401 and "stranger" not in done.text
        assert (await browser.http.get("/")).status_code == 303


async def test_a_disabled_user_is_refused(node: Entrance, issuer: str):
    user = await linked(node, issuer, "left@town.example")
    await node.disable(user)
    async with node.browser() as browser:
        assert (await come_back(browser, "left@town.example")).status_code == 401


async def test_an_invitation_may_end_at_the_provider(node: Entrance):
    user, _, link = await node.invited()
    subject = "new@town.example"
    async with node.browser() as browser:
        assert (await come_back(browser, subject)).status_code == 401
        await browser.http.get(f"/pozvanka/{link}")
        assert LEAVE in (await browser.http.get("/pozvanka")).text
        done = await come_back(browser, subject, pozvanka="1")
        assert done.status_code == 303
        assert (await browser.http.get("/")).text == f"home of {user}"
    async with node.browser() as again:
        assert (await come_back(again, subject, pozvanka="1")).status_code == 401  # the link is used up
        assert (await come_back(again, subject)).status_code == 303


# -- what somebody may try


async def test_an_answer_counts_in_the_browser_that_asked_and_once(node: Entrance, issuer: str):
    await linked(node, issuer, "victim@town.example")
    async with node.browser() as thief, node.browser() as victim:
        left = await thief.http.get(LEAVE)
        back = await vouched(left.headers["location"], "victim@town.example")
        assert (await victim.http.get(back)).status_code == 401  # no cookie: somebody else's answer
        await victim.http.get(LEAVE)
        assert (await victim.http.get(back)).status_code == 401  # another state
        assert (await thief.http.get(back)).status_code == 303
        assert (await thief.http.get(back)).status_code == 401  # the cookie is gone
    async with node.browser() as browser:
        left = await browser.http.get(LEAVE)
        kept = dict(browser.http.cookies)
        back = await vouched(left.headers["location"], "victim@town.example")
        assert (await browser.http.get(back)).status_code == 303
        browser.http.cookies.set("__Host-provider", kept["__Host-provider"])
        assert (await browser.http.get(back)).status_code == 401  # the code is used up


async def test_an_answer_of_another_issuer_or_an_error_is_refused(node: Entrance):
    async with node.browser() as browser:
        for more in ("&iss=https://evil.example.org", "&code="):
            left = await browser.http.get(LEAVE)
            back = await vouched(left.headers["location"])
            assert (await browser.http.get(back + more)).status_code == 401
        for query in ("", "?error=access_denied", "?state=x&code=y", "?code=" + "x" * 5_000):
            await browser.http.get(LEAVE)
            assert (await browser.http.get(f"/prihlaseni/organizace/zpet{query}")).status_code == 401


async def test_a_node_without_a_provider_has_no_such_page(
    servers: "Servers", postgres: "PostgresServer", tmp_path_factory: pytest.TempPathFactory
):
    with settings_for_entrance(servers, postgres, tmp_path_factory.mktemp("alone")) as settings:
        async with entrance_of(settings) as alone, alone.browser() as browser:
            for path in (LEAVE, f"{LEAVE}/zpet?code=x&state=y"):
                assert (await browser.http.get(path)).status_code == 404
            assert LEAVE not in (await browser.http.get("/prihlaseni")).text


# -- the ID token


KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
BEGUN = Begun(state="s" * 43, nonce="n" * 43, verifier="v" * 64, onward="/", invited=False)
CLAIMS = {"iss": "https://login.example.org", "sub": "7", "aud": "spojka", "nonce": BEGUN.nonce}


class Http:
    """A provider's answers without a provider: the ID token is the test's."""

    def __init__(self, token: str, issuer: str = CLAIMS["iss"], key: RSAKey = KEY) -> None:
        self.token, self.issuer, self.key = token, issuer, key

    async def __aenter__(self) -> "Http":
        return self

    async def __aexit__(self, *_: object) -> None: ...

    async def request(self, method: str, url: str, **_: object) -> httpx.Response:
        place = {"issuer": self.issuer, "token_endpoint": "https://login.example.org/token",
                 "authorization_endpoint": "https://login.example.org/authorize",
                 "jwks_uri": "https://login.example.org/keys"}  # fmt: skip
        keys = {"keys": [self.key.as_dict(private=False)]}
        return httpx.Response(200, json=keys if url.endswith("/keys") else place, request=httpx.Request(method, url))

    async def fetch_token(self, url: str, *, code: str, code_verifier: str) -> dict[str, str]:
        assert (code, code_verifier) == ("x", BEGUN.verifier)
        return {"id_token": self.token, "access_token": "x", "token_type": "Bearer"}


async def subject_of(monkeypatch: pytest.MonkeyPatch, token: str, claim: str = "sub", **told: Any) -> str:
    provider = Provider(CLAIMS["iss"], "spojka", SECRET, claim)
    monkeypatch.setattr(provider, "_http", lambda back: Http(token, **told))
    return await provider.subject(BACK, BEGUN, {"state": BEGUN.state, "code": "x"})


def token_of(key: Any = KEY, algorithm: str = "RS256", kid: str = "one", **over: Any) -> str:
    now = int(time.time())
    claims = {**CLAIMS, "iat": now, "exp": now + 300, **over}
    told = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": algorithm, "kid": kid}, told, key, algorithms=[algorithm])


async def test_a_good_token_names_its_subject(monkeypatch: pytest.MonkeyPatch):
    assert await subject_of(monkeypatch, token_of()) == "7"
    assert await subject_of(monkeypatch, token_of(oid="8"), claim="oid") == "8"
    assert await subject_of(monkeypatch, token_of(aud=["spojka", "other"], azp="spojka")) == "7"


@pytest.mark.parametrize(
    "over",
    [{"iss": "https://evil.example.org"}, {"aud": "another-client"}, {"aud": ["spojka", "other"], "azp": "other"},
     {"nonce": "another"}, {"nonce": None}, {"exp": 1_700_000_000}, {"exp": None}, {"iat": None}, {"sub": None},
     {"sub": ""}, {"sub": "x" * 201}, {"sub": 7}, {"iss": None}, {"aud": None}, {"nbf": 4_000_000_000}],
)  # fmt: skip
async def test_a_token_that_is_not_for_us_now_is_refused(monkeypatch: pytest.MonkeyPatch, over: dict[str, Any]):
    with pytest.raises(ProviderRefused):
        await subject_of(monkeypatch, token_of(**over))


async def test_a_token_nobody_signed_is_refused(monkeypatch: pytest.MonkeyPatch):
    other = RSAKey.generate_key(2048, {"kid": "one"})
    shared = OctKey.import_key(SECRET)
    good = token_of()
    unsigned = f"eyJhbGciOiJub25lIn0.{good.split('.')[1]}."
    for token in (token_of(other), token_of(shared, "HS256"), unsigned, good[:-4] + "AAAA", "", "x.y.z"):
        with pytest.raises(ProviderRefused):
            await subject_of(monkeypatch, token)


async def test_a_provider_that_names_another_issuer_is_refused(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ProviderRefused):
        await subject_of(monkeypatch, token_of(), issuer="https://evil.example.org")


async def test_a_provider_that_is_away_is_told_as_one_that_refuses():
    nowhere = Provider("http://localhost:9", "spojka", SECRET, "sub")
    with pytest.raises(ProviderRefused):
        await nowhere.begin(BACK, "/", invited=False)


async def test_new_keys_of_the_provider_are_fetched_at_once(monkeypatch: pytest.MonkeyPatch):
    provider, new = Provider(CLAIMS["iss"], "spojka", SECRET, "sub"), RSAKey.generate_key(2048, {"kid": "two"})
    answer = {"state": BEGUN.state, "code": "x"}
    for kid, key in (("one", KEY), ("two", new)):
        monkeypatch.setattr(provider, "_http", lambda back, key=key, kid=kid: Http(token_of(key, kid=kid), key=key))
        assert await provider.subject(BACK, BEGUN, answer) == "7"


async def test_a_secret_that_cannot_be_read_stops_the_start(settings: Settings):
    assert settings.portal is not None and settings.portal.oidc is not None
    oidc = settings.portal.oidc.model_copy(update={"client_secret_file": Path("missing")})
    portal = settings.portal.model_copy(update={"oidc": oidc})
    with pytest.raises(SettingsMistake, match="client_secret_file"):
        Provider.of(settings.model_copy(update={"portal": portal}))
