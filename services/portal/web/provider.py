"""The organisation's own OpenID Connect provider: code flow with PKCE, state and nonce; the ID token is verified.

Who somebody is, is issuer and subject, nothing else: an e-mail address may be given to another person tomorrow.
Source: OpenID Connect Core 1.0 §3.1; RFC 7636 (PKCE); RFC 9207 (issuer in the answer).
"""

import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from libs.eventlog import Frozen
from libs.service import Settings, SettingsMistake

ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "Ed25519"]
"""Never what a token or a provider asks for: no `none`, nothing with a shared secret."""
PATIENCE_S, REMEMBERED_S, LEEWAY_S = 10.0, 3_600.0, 60
FAILURES = (AuthlibBaseError, JoseError, httpx2.HTTPError, ValueError, KeyError, TypeError)


class ProviderRefused(Exception):
    """The provider is away, or what came from it does not count."""


class Begun(Frozen):
    """What the browser carries, sealed, while its person is at the provider."""

    state: str
    nonce: str
    verifier: str
    onward: str
    invited: bool


class Provider:
    """The one this node's settings name."""

    def __init__(self, issuer: str, client_id: str, client_secret: str, claim: str) -> None:
        self.issuer, self._claim = issuer, claim
        self._client_id, self._client_secret = client_id, client_secret
        self._known: dict[str, tuple[float, Any]] = {}

    @classmethod
    def of(cls, settings: Settings) -> "Provider | None":
        """Raises SettingsMistake for a secret that cannot be read."""
        told = settings.portal.oidc if settings.portal else None
        if told is None:
            return None
        file = settings.path(told.client_secret_file)
        try:
            return cls(told.issuer, told.client_id, file.read_text(encoding="utf-8").strip(), told.claim)
        except (OSError, UnicodeDecodeError):
            raise SettingsMistake(
                f"portal.oidc.client_secret_file: {file} cannot be read. Nothing was started. "
                "It holds the secret that the provider gave for this client, and nothing else."
            ) from None

    async def begin(self, back: str, onward: str, *, invited: bool) -> tuple[str, Begun]:
        """(where to send the browser, what it carries). Raises ProviderRefused."""
        begun = Begun(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            onward=onward,
            invited=invited,
        )
        try:
            async with self._http(back) as client:
                place = await self._place(client)
                url, _ = client.create_authorization_url(
                    place["authorization_endpoint"], begun.state, begun.verifier, nonce=begun.nonce
                )
        except FAILURES as error:
            raise ProviderRefused from error
        return str(url), begun

    async def subject(self, back: str, begun: Begun, answer: Mapping[str, str]) -> str:
        """Whom the provider's answer vouches for. Raises ProviderRefused."""
        if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise ProviderRefused
        if answer.get("iss", self.issuer) != self.issuer or not answer.get("code"):
            raise ProviderRefused
        try:
            async with self._http(back) as client:
                place = await self._place(client)
                token = await client.fetch_token(
                    place["token_endpoint"], code=answer["code"], code_verifier=begun.verifier
                )
                claims = await self._verified(client, place, token, begun.nonce)
        except FAILURES as error:
            raise ProviderRefused from error
        subject = claims.get(self._claim)
        if not isinstance(subject, str) or not 0 < len(subject) <= 200:
            raise ProviderRefused
        return subject

    async def _verified(
        self, client: Any, place: Mapping[str, Any], token: Mapping[str, Any], nonce: str
    ) -> CodeIDToken:
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        try:
            read = jwt.decode(token["id_token"], await self._keys(client, place), registry=registry)
        except InvalidKeyIdError:  # they have new keys
            self._known.pop(place["jwks_uri"], None)
            read = jwt.decode(token["id_token"], await self._keys(client, place), registry=registry)
        client_id = self._client_id
        claims = CodeIDToken(
            read.claims,
            read.header,
            {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": client_id}},
            {"nonce": nonce, "client_id": client_id, "access_token": token.get("access_token")},
        )
        claims.validate(leeway=LEEWAY_S)
        return claims

    async def _place(self, client: Any) -> Mapping[str, Any]:
        """Where its parts are. It must name the issuer that the settings name."""
        found = await self._fetched(client, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found["issuer"] != self.issuer:
            raise ProviderRefused
        return found

    async def _keys(self, client: Any, place: Mapping[str, Any]) -> KeySet:
        return KeySet.import_key_set(await self._fetched(client, place["jwks_uri"]))

    async def _fetched(self, client: Any, url: str) -> Any:
        until, known = self._known.get(url, (0.0, None))
        if time.monotonic() < until:
            return known
        reply = await client.request("GET", url, withhold_token=True)
        reply.raise_for_status()
        self._known[url] = (time.monotonic() + REMEMBERED_S, reply.json())
        return self._known[url][1]

    def _http(self, back: str) -> Any:
        """For one errand. Its types are not told: httpx2 is hidden behind a shim."""
        return AsyncOAuth2Client(
            client_id=self._client_id,
            client_secret=self._client_secret,
            scope="openid",
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=PATIENCE_S,
        )
