"""Passkeys: asking a browser for one, and checking what it answers. The authenticator must verify its owner.

A passkey is kept by the authenticator itself, so signing in asks for no name and names nobody's credentials.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)


class PasskeyRefused(Exception):
    """What the browser answered does not count."""


@dataclass(frozen=True)
class NewCredential:
    """A passkey as it is stored."""

    id: bytes
    public_key: bytes
    count: int


def registration(origin: str, node: str, user: UUID, name: str, challenge: bytes, known: Sequence[bytes]) -> str:
    """Options to make a passkey, as JSON; an authenticator that has one of `known` makes no second."""
    return options_to_json(
        generate_registration_options(
            rp_id=_host(origin),
            rp_name=node,
            user_id=user.bytes,
            user_name=name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        )
    )


def registered(origin: str, challenge: bytes, credential: str) -> NewCredential:
    """The passkey a browser made. Raises PasskeyRefused."""
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(origin),
            expected_origin=origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused from error
    return NewCredential(made.credential_id, made.credential_public_key, made.sign_count)


def authentication(origin: str, challenge: bytes) -> str:
    """Options to sign in with whatever passkey the person has here, as JSON."""
    return options_to_json(
        generate_authentication_options(
            rp_id=_host(origin), challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
        )
    )


def credential_id(credential: str) -> bytes:
    """Which passkey a browser's answer claims to be of. Raises PasskeyRefused."""
    try:
        return parse_authentication_credential_json(credential).raw_id
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefused from error


def authenticated(origin: str, challenge: bytes, credential: str, owner: UUID, public_key: bytes, count: int) -> int:
    """Checks an answer against a stored passkey; returns its new count. Raises PasskeyRefused."""
    try:
        handle = orjson.loads(credential)["response"].get("userHandle")
        if handle and base64url_to_bytes(handle) != owner.bytes:
            raise PasskeyRefused
        return verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(origin),
            expected_origin=origin,
            credential_public_key=public_key,
            credential_current_sign_count=count,
            require_user_verification=True,
        ).new_sign_count
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PasskeyRefused from error


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""
