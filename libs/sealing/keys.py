"""Our own keys: the root that vouches, the signing key in use, and the sealing keys that still open letters.

    root.json              made offline, printed as a backup; needed only to sign a key set, may be kept elsewhere
    signing-<kid>.json     one: old signing keys are destroyed at once, their public half stays in the key set
    sealing-<kid>.json     the current one, and older ones until nothing sealed to them can be on its way
    key-set.jws            what partners get: the public halves, signed by the root. The memory of serial and dates

A kid is the RFC 7638 thumbprint of its key. Files are written so that a crash at any point leaves a folder
that loads: new private keys first, then the key set that names them, then the old ones go.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from libs.sealing.errors import LetterRefused, SealingError
from libs.sealing.files import destroy, read_private, write_private
from libs.sealing.partners import KeySet, PublicKey, RootKey, accept_key_set
from libs.sealing.profile import INNER, KEYS, SIGN, SUITE

SEALING_LIVES = timedelta(days=21)
"""After its successor: 14 days at the hub and a margin. Then the private half is destroyed."""
SIGNING_LIVES = timedelta(days=365)
ROOT, KEY_SET = "root.json", "key-set.jws"


@dataclass(frozen=True, slots=True)
class OrganisationKeys:
    """The keys of one organisation, as its node uses them. Make with `create`, read with `load`."""

    folder: Path
    keys: KeySet
    document: str
    signing_kid: str
    signing_key: OKPKey = field(repr=False)
    opening: Mapping[str, OKPKey] = field(repr=False)

    @classmethod
    def create(cls, folder: Path, organisation: UUID, at: datetime) -> "OrganisationKeys":
        """Make root and working keys. Raises SealingError where keys are already: none is ever overwritten."""
        if (folder / KEY_SET).exists():
            raise SealingError(
                "This folder already holds an organisation's keys. Nothing was changed. "
                "Load them, or name another folder."
            )
        if not (folder / ROOT).exists():
            _write(folder / ROOT, OKPKey.generate_key("Ed25519"))
        signing, sealing = _make(folder, "signing"), _make(folder, "sealing")
        _publish(
            folder,
            organisation,
            serial=1,
            seal_to=sealing,
            keys={
                kid: _public(folder / f"{use}-{kid}.json", at)
                for use, kid in (("signing", signing), ("sealing", sealing))
            },
            revoked=(),
        )
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> "OrganisationKeys":
        """Read the keys of this node. The root need not be here. Raises SealingError if something is missing."""
        document = read_private(folder / KEY_SET)
        try:
            keys = accept_key_set(document, _vouched_fingerprint(document), 0)
        except LetterRefused as refused:
            raise SealingError(
                f"The key set in this folder is damaged ({refused.code}). Nothing was changed. "
                "Restore it from the backup."
            ) from None
        in_use = [kid for kid, key in keys.keys.items() if key.crv == SIGN and key.valid_until is None]
        opening = {kid: _own(folder, "sealing", kid) for kid, _ in _private(folder) if _is_sealing(keys, kid)}
        if len(in_use) != 1 or keys.seal_to not in opening:
            raise SealingError(
                "A private key is missing here. Nothing was changed. Restore the folder from the key backup."
            )
        return cls(folder, keys, document, in_use[0], _own(folder, "signing", in_use[0]), opening)

    @property
    def organisation(self) -> UUID:
        return self.keys.org

    @property
    def fingerprint(self) -> str:
        """Of the root key (RFC 7638): what partners pin after they got it outside the system."""
        return self.keys.root.key().thumbprint()

    @property
    def root_is_here(self) -> bool:
        return (self.folder / ROOT).exists()

    def key_set(self) -> str:
        """The signed key set for partners."""
        return self.document

    def roll_over(self, at: datetime) -> "OrganisationKeys":
        """A new sealing key (monthly) and, once a year, a new signing key. Needs the root."""
        return self._renewed(at, revoke=())

    def revoke(self, kids: Iterable[str], at: datetime) -> "OrganisationKeys":
        """Replace keys that others may have. Letters signed with them are refused from now on. Needs the root."""
        named = frozenset(kids)
        if not named <= self.keys.keys.keys():
            raise SealingError("No key of ours has this id. Nothing was changed. Take the id from the key set.")
        return self._renewed(at, revoke=named)

    def destroy_expired(self, at: datetime) -> "OrganisationKeys":
        """Destroy private halves whose time is over. Needs no root; a node does it daily."""
        for kid, path in _private(self.folder):
            public = self.keys.keys.get(kid)
            if public is not None and (kid in self.keys.revoked or _over(public, int(at.timestamp()))):
                destroy(path)
        return self.load(self.folder)

    def _renewed(self, at: datetime, revoke: Iterable[str]) -> "OrganisationKeys":
        if not self.root_is_here:
            raise SealingError(
                "The root key is not here, and only it can sign a key set. Nothing was changed. "
                "Bring it, then try again."
            )
        revoked = frozenset((*self.keys.revoked, *revoke))
        now = int(at.timestamp())
        sealing = _make(self.folder, "sealing")
        fresh = {sealing: _public(self.folder / f"sealing-{sealing}.json", at)}
        age = now - self.keys.keys[self.signing_kid].valid_from
        if self.signing_kid in revoked or age >= SIGNING_LIVES.total_seconds():
            signing = _make(self.folder, "signing")
            fresh[signing] = _public(self.folder / f"signing-{signing}.json", at)
        ends = {SIGN: now, "X25519": now + int(SEALING_LIVES.total_seconds())}
        replaced = {key.crv for key in fresh.values()}
        kept = {
            kid: _ended(public, ends[public.crv]) if public.crv in replaced else public
            for kid, public in self.keys.keys.items()
            if public.crv == SIGN or not _over(public, now)  # old signing keys verify for ever
        }
        _publish(
            self.folder,
            self.organisation,
            serial=self.keys.serial + 1,
            seal_to=sealing,
            keys=kept | fresh,
            revoked=tuple(sorted(revoked & kept.keys())),
        )
        renewed = self.load(self.folder)
        for kid, path in _private(self.folder):
            if kid not in renewed.keys.keys:  # left by a run that broke off, or long over
                destroy(path)
        return renewed.destroy_expired(at)


def _make(folder: Path, use: Literal["signing", "sealing"]) -> str:
    key = OKPKey.generate_key("Ed25519" if use == "signing" else "X25519")
    kid = key.thumbprint()
    _write(folder / f"{use}-{kid}.json", key)
    return kid


def _write(path: Path, key: OKPKey) -> None:
    write_private(path, json.dumps(key.as_dict(private=True)))


def _read(path: Path) -> OKPKey:
    try:
        key = OKPKey.import_key(json.loads(read_private(path)))
    except (JoseError, ValueError, LookupError, TypeError):
        raise SealingError(
            f"The key file {path.name} is damaged. Nothing was changed. Restore it from the key backup."
        ) from None
    return key


def _own(folder: Path, use: Literal["signing", "sealing"], kid: str) -> OKPKey:
    key = _read(folder / f"{use}-{kid}.json")
    if key.thumbprint() != kid or not key.is_private:
        raise SealingError(
            f"The key file {use}-{kid}.json holds another key. Nothing was changed. Restore it from the key backup."
        )
    return key


def _is_sealing(keys: KeySet, kid: str) -> bool:
    return kid in keys.keys and keys.keys[kid].crv == "X25519"


def _public(path: Path, since: datetime) -> PublicKey:
    named: dict[str, Any] = _read(path).as_dict(private=False)
    fields = {name: named[name] for name in ("crv", "x")}
    return PublicKey.model_validate(fields | {"from": int(since.timestamp()), "until": None})


def _private(folder: Path) -> list[tuple[str, Path]]:
    """The private working keys in the folder, as (kid, file)."""
    files = (*folder.glob("signing-*.json"), *folder.glob("sealing-*.json"))
    return [(path.stem.split("-", 1)[1], path) for path in files]


def _ended(public: PublicKey, until: int) -> PublicKey:
    if public.valid_until is not None:
        return public
    return PublicKey.model_validate(public.model_dump(by_alias=True) | {"until": until})


def _over(public: PublicKey, now: int) -> bool:
    return public.valid_until is not None and public.valid_until <= now


def _vouched_fingerprint(document: str) -> str:
    """The root our own key set names. Ours is trusted because it lies in our key folder; a partner's is pinned."""
    try:
        payload = json.loads(jws.extract_compact(document.encode(), registry=INNER).payload)
        return RootKey.model_validate(payload["root"]).key().thumbprint()
    except (JoseError, ValueError, LookupError, TypeError):
        raise LetterRefused("keys_malformed") from None


def _publish(
    folder: Path,
    organisation: UUID,
    *,
    serial: int,
    seal_to: str,
    keys: dict[str, PublicKey],
    revoked: tuple[str, ...],
) -> None:
    root = _read(folder / ROOT)
    public: dict[str, Any] = root.as_dict(private=False)
    claims = KeySet(
        org=organisation,
        serial=serial,
        suite=SUITE,
        seal_to=seal_to,
        keys=keys,
        revoked=revoked,
        root=RootKey(x=public["x"]),
    )
    document = jws.serialize_compact(
        {"alg": SIGN, "typ": KEYS}, claims.model_dump_json(by_alias=True), root, registry=INNER
    )
    write_private(folder / KEY_SET, document)
