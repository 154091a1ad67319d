"""Our own keys on disk, and which key sets of a partner are believed."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

from libs.sealing import LetterRefused, OrganisationKeys, PinnedPartner, SealingError, accept_key_set, files

NOW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
MONTH = timedelta(days=30)
PRISTAV, OSPOD = UUID(int=0xA1), UUID(int=0xB2)
DAMAGED = {
    "empty": "",
    "garbage": "{]",
    "other": '{"kty": "oct", "k": "AAAA"}',
    "another": json.dumps(OKPKey.generate_key("X25519").as_dict(private=True)),
}


@pytest.fixture
def keys(tmp_path: Path) -> OrganisationKeys:
    return OrganisationKeys.create(tmp_path / "pristav", PRISTAV, NOW)


def refused(action: Callable[[], object]) -> str:
    with pytest.raises(LetterRefused) as error:
        action()
    return error.value.code


def re_signed(keys: OrganisationKeys, change: dict[str, Any], typ: str = "spojka-keys", **head: Any) -> str:
    """The key set with other claims, signed by the true root."""
    root = OKPKey.import_key(json.loads((keys.folder / "root.json").read_text()))
    said = json.loads(jws.extract_compact(keys.key_set().encode()).payload) | change
    return jws.serialize_compact(
        {"alg": "Ed25519", "typ": typ} | head, json.dumps(said), root, registry=JWSRegistry(algorithms=["Ed25519"])
    )


def test_key_files_are_for_their_owner_only(keys: OrganisationKeys):
    for path in keys.folder.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600, path.name
    assert sorted(path.name.split("-")[0] for path in keys.folder.iterdir()) == [
        "key",
        "root.json",
        "sealing",
        "signing",
    ]


def test_a_key_file_that_anybody_can_read_is_not_used(keys: OrganisationKeys):
    (keys.folder / f"signing-{keys.signing_kid}.json").chmod(0o644)
    with pytest.raises(SealingError, match="0600"):
        OrganisationKeys.load(keys.folder)


def test_a_crash_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "secret"
    files.write_private(path, "old")

    def power_cut(_: Path, __: Path) -> Path:
        raise OSError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", power_cut)
        with pytest.raises(OSError, match="power cut"):
            files.write_private(path, "new")
    assert files.read_private(path) == "old"
    files.write_private(path, "new")
    assert files.read_private(path) == "new"


def test_keys_are_never_made_over_others(keys: OrganisationKeys):
    with pytest.raises(SealingError, match="already"):
        OrganisationKeys.create(keys.folder, PRISTAV, NOW)


def test_what_was_made_is_loaded(keys: OrganisationKeys):
    again = OrganisationKeys.load(keys.folder)
    assert (again.keys, again.signing_kid, again.fingerprint) == (keys.keys, keys.signing_kid, keys.fingerprint)
    assert again.organisation == PRISTAV and again.keys.serial == 1


def test_repr_shows_no_private_key(keys: OrganisationKeys):
    private = json.loads((keys.folder / f"signing-{keys.signing_kid}.json").read_text())["d"]
    assert private not in repr(keys)


@pytest.mark.parametrize("damage", ["missing", "empty", "garbage", "other", "another"])
@pytest.mark.parametrize("file", ["key-set.jws", "signing", "sealing"])
def test_a_damaged_folder_says_what_to_do(keys: OrganisationKeys, damage: str, file: str):
    path = next(path for path in keys.folder.iterdir() if path.name.startswith(file))
    if damage == "missing":
        path.unlink()
    else:
        files.write_private(path, DAMAGED[damage])
    with pytest.raises(SealingError, match="Restore"):
        OrganisationKeys.load(keys.folder)


def test_a_month_later_letters_are_sealed_to_a_new_key_and_the_old_one_opens_for_21_days(keys: OrganisationKeys):
    rolled = keys.roll_over(NOW + MONTH)
    assert rolled.keys.serial == 2 and rolled.signing_kid == keys.signing_kid
    assert rolled.keys.seal_to != keys.keys.seal_to
    assert set(rolled.opening) == {keys.keys.seal_to, rolled.keys.seal_to}
    assert set(rolled.destroy_expired(NOW + MONTH + timedelta(days=20)).opening) == set(rolled.opening)
    later = rolled.destroy_expired(NOW + MONTH + timedelta(days=22))
    assert set(later.opening) == {rolled.keys.seal_to}
    assert not (keys.folder / f"sealing-{keys.keys.seal_to}.json").exists()
    assert keys.keys.seal_to not in later.roll_over(NOW + 2 * MONTH).keys.keys


def test_a_year_later_there_is_a_new_signing_key_and_the_old_private_half_is_gone(keys: OrganisationKeys):
    rolled = keys.roll_over(NOW + timedelta(days=366))
    assert rolled.signing_kid != keys.signing_kid
    assert not (keys.folder / f"signing-{keys.signing_kid}.json").exists()
    assert rolled.keys.keys[keys.signing_kid].valid_until is not None  # it still verifies


def test_a_run_that_broke_off_leaves_a_folder_that_loads(keys: OrganisationKeys, monkeypatch: pytest.MonkeyPatch):
    """New private keys are written before the key set that names them, old ones removed after it."""
    from libs.sealing import keys as module

    def power_cut(*_: object, **__: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(module, "_publish", power_cut)
        with pytest.raises(OSError, match="power cut"):
            keys.revoke([keys.signing_kid], NOW)
    assert OrganisationKeys.load(keys.folder).keys == keys.keys
    revoked = keys.revoke([keys.signing_kid], NOW)
    assert len(list(keys.folder.glob("signing-*.json"))) == 1
    assert revoked.keys.revoked == (keys.signing_kid,)


def test_a_revoked_sealing_key_opens_nothing_any_more(keys: OrganisationKeys):
    revoked = keys.revoke([keys.keys.seal_to], NOW)
    assert set(revoked.opening) == {revoked.keys.seal_to}
    assert revoked.keys.revoked == (keys.keys.seal_to,)
    with pytest.raises(SealingError, match="id"):
        revoked.revoke(["nobody's"], NOW)


def test_without_the_root_a_node_works_but_signs_no_key_set(keys: OrganisationKeys):
    (keys.folder / "root.json").unlink()
    node = OrganisationKeys.load(keys.folder)
    assert not node.root_is_here and node.key_set() == keys.key_set()
    with pytest.raises(SealingError, match="root"):
        node.roll_over(NOW + MONTH)


def test_a_key_set_is_believed_because_the_pinned_root_signed_it(keys: OrganisationKeys):
    known = accept_key_set(keys.key_set(), keys.fingerprint, 0)
    assert known == keys.keys and known.org == PRISTAV
    assert accept_key_set(keys.key_set(), keys.fingerprint, 1) == known


def test_another_root_under_the_same_name_is_refused(keys: OrganisationKeys, tmp_path: Path):
    mallory = OrganisationKeys.create(tmp_path / "mallory", PRISTAV, NOW)
    pinned = PinnedPartner(PRISTAV, keys.fingerprint)
    assert refused(lambda: pinned.accept(mallory.key_set())) == "keys_not_from_pinned_root"


def test_a_set_that_names_the_pinned_root_but_is_signed_by_another_is_refused(keys: OrganisationKeys):
    said = json.loads(jws.extract_compact(keys.key_set().encode()).payload)
    registry = JWSRegistry(algorithms=["Ed25519"])
    forged = jws.serialize_compact(
        {"alg": "Ed25519", "typ": "spojka-keys"}, json.dumps(said), OKPKey.generate_key("Ed25519"), registry=registry
    )
    assert refused(lambda: accept_key_set(forged, keys.fingerprint, 0)) == "keys_not_from_pinned_root"


def test_the_hub_cannot_serve_an_old_set_again(keys: OrganisationKeys):
    old, partner = keys.key_set(), PinnedPartner(PRISTAV, keys.fingerprint).accept(keys.key_set())
    newer = partner.accept(keys.roll_over(NOW + MONTH).key_set())
    assert newer.keys is not None and newer.keys.serial == 2
    assert newer.accept(newer.document or "") == newer
    assert refused(lambda: newer.accept(old)) == "keys_older_than_known"


def test_two_different_sets_under_one_serial_are_an_alarm(keys: OrganisationKeys):
    partner = PinnedPartner(PRISTAV, keys.fingerprint).accept(keys.key_set())
    other = re_signed(keys, {"revoked": [keys.signing_kid]})
    assert refused(lambda: partner.accept(other)) == "keys_serial_reused"


def test_a_set_for_another_organisation_is_refused(keys: OrganisationKeys):
    partner = PinnedPartner(OSPOD, keys.fingerprint)
    assert refused(lambda: partner.accept(keys.key_set())) == "keys_of_another"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"suite": "letter-v2"}, "keys_suite_unknown"),
        ({"serial": 0}, "keys_malformed"),
        ({"serial": "2"}, "keys_malformed"),
        ({"seal_to": "nobody's"}, "keys_malformed"),
        ({"keys": {}}, "keys_malformed"),
        ({"keys": []}, "keys_malformed"),
        ({"org": "pristav"}, "keys_malformed"),
        ({"more": True}, "keys_malformed"),
        ({"root": {"kty": "oct", "k": "AAAA"}}, "keys_malformed"),
    ],
    ids=str,
)
def test_a_set_that_is_not_one_is_refused_even_from_the_root(keys: OrganisationKeys, change: dict[str, Any], code: str):
    assert refused(lambda: accept_key_set(re_signed(keys, change), keys.fingerprint, 0)) == code


def test_a_private_half_in_a_key_set_is_refused(keys: OrganisationKeys):
    said = json.loads(jws.extract_compact(keys.key_set().encode()).payload)["keys"]
    said[keys.signing_kid] |= {"d": "A" * 43}
    assert refused(lambda: accept_key_set(re_signed(keys, {"keys": said}), keys.fingerprint, 0)) == "keys_malformed"


def test_other_words_of_the_root_are_no_key_set(keys: OrganisationKeys):
    other = re_signed(keys, {}, typ="spojka-letter+jws")
    assert refused(lambda: accept_key_set(other, keys.fingerprint, 0)) == "keys_not_from_pinned_root"


def test_a_set_of_ten_megabytes_is_not_looked_at(keys: OrganisationKeys):
    assert refused(lambda: accept_key_set("x" * 10_000_000, keys.fingerprint, 0)) == "keys_malformed"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["org", "serial", "suite", "seal_to", "keys", "revoked", "root"]


@settings(max_examples=200, deadline=None)
@given(
    text=st.text(max_size=200)
    | st.lists(st.binary(max_size=60), max_size=4).map(
        lambda parts: ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
    )
)
def test_no_text_raises_anything_but_a_refusal(text: str):
    assert refused(lambda: accept_key_set(text, "pinned", 0)) == "keys_malformed"


@settings(max_examples=100, deadline=None)
@given(change=st.dictionaries(st.sampled_from(FIELDS), json_values, min_size=1))
def test_no_signed_set_raises_anything_but_a_refusal(still: OrganisationKeys, change: dict[str, Any]):
    with suppress(LetterRefused):
        assert accept_key_set(re_signed(still, change), still.fingerprint, 0).suite == "letter-v1"


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> OrganisationKeys:
    return OrganisationKeys.create(tmp_path_factory.mktemp("keys") / "pristav", PRISTAV, NOW)
