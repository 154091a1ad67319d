"""What can be done to a letter on its way, and what each of it meets."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwe, jws
from joserfc.jwe import JWERegistry
from joserfc.jwk import OctKey, OKPKey
from joserfc.jws import JWSRegistry
from joserfc.registry import HeaderParameter

from libs import sealing
from libs.sealing import Claims, LetterRefused, Opened, OrganisationKeys, PinnedPartner, Sealed, SealingError, digest

NOW = datetime(2026, 5, 13, 9, 0, tzinfo=UTC)
PRISTAV, OSPOD, SCHOOL = (UUID(int=n) for n in (0xA1, 0xB2, 0xC3))
CONTENT = {"need": "housing", "note": "Denisa potřebuje doprovod", "minutes": 12, "share": 0.75, "none": None}


@dataclass
class Desk:
    """One organisation: its own keys, and what it has pinned of the others."""

    keys: OrganisationKeys
    partners: dict[UUID, PinnedPartner]

    def seal(
        self, to: UUID, number: int | None = 1, type: str = "referral-sent", at: datetime = NOW, **data: Any
    ) -> Sealed:
        return sealing.seal(self.keys, self.partners[to], type=type, data=data or CONTENT, at=at, number=number)

    def open(self, letter: bytes, sent_by: UUID, at: datetime = NOW) -> Opened:
        return sealing.open(letter, keys=self.keys, partners=self.partners, sent_by=sent_by, at=at)

    def refuses(self, letter: bytes, sent_by: UUID, at: datetime = NOW) -> str:
        with pytest.raises(LetterRefused) as refused:
            self.open(letter, sent_by, at)
        assert str(refused.value) == refused.value.code  # a code, and nothing of the letter
        assert refused.value.__suppress_context__ or refused.value.__context__ is None
        return refused.value.code

    def trusts(self, other: "Desk") -> None:
        pinned = self.partners.get(other.keys.organisation) or PinnedPartner(
            other.keys.organisation, other.keys.fingerprint
        )
        self.partners[other.keys.organisation] = pinned.accept(other.keys.key_set())


def network(folder: Path) -> tuple[Desk, Desk, Desk]:
    a, b, c = (Desk(OrganisationKeys.create(folder / str(org), org, NOW), {}) for org in (PRISTAV, OSPOD, SCHOOL))
    for one in (a, b, c):
        for other in (a, b, c):
            if one is not other:
                one.trusts(other)
    return a, b, c


@pytest.fixture
def desks(tmp_path: Path) -> tuple[Desk, Desk, Desk]:
    return network(tmp_path)


ANY_INNER = JWSRegistry(algorithms=["Ed25519", "HS256", "none"])
ANY_OUTER = JWERegistry(
    {name: HeaderParameter(name, "str") for name in ("iss", "aud")},
    ["ECDH-ES+A256KW", "ECDH-ES+A128KW", "A256GCM", "A128GCM", "DEF"],
)
ANY_OUTER.max_ciphertext_length = 2**20


def words(desk: Desk, letter: bytes) -> str:
    """What the recipient of a letter holds in its hands: the sender's signed words."""
    kid = json.loads(urlsafe_b64decode(letter.split(b".")[0] + b"=="))["kid"]
    return (jwe.decrypt_compact(letter, desk.keys.opening[kid], registry=ANY_OUTER).plaintext or b"").decode()


def enclose(signed: str, to: Desk, iss: UUID, **head: Any) -> bytes:
    """Seal any words to `to`, as if from `iss`: sealing needs no secret, so anybody can."""
    kid = to.keys.keys.seal_to
    said: dict[str, Any] = {"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "kid": kid, "typ": "spojka-letter", "cty": "JWT"}
    said |= {"iss": str(iss), "aud": str(to.keys.organisation)} | head
    return jwe.encrypt_compact(said, signed, to.keys.keys.keys[kid].key(kid), registry=ANY_OUTER).encode()


def sign(desk: Desk, claims: Any, key: Any = None, **head: Any) -> str:
    """Sign any claims with any key: a partner gone wrong can."""
    said = {"alg": "Ed25519", "kid": desk.keys.signing_kid, "typ": "spojka-letter+jws"} | head
    text = claims if isinstance(claims, (str, bytes)) else json.dumps(claims)
    return jws.serialize_compact(said, text, key or desk.keys.signing_key, registry=ANY_INNER)


def claims(**other: Any) -> dict[str, Any]:
    said = {"v": 1, "iss": str(PRISTAV), "aud": str(OSPOD), "jti": str(UUID(int=7)), "iat": int(NOW.timestamp())}
    return said | {"number": 1, "type": "note", "data": {}, "pad": ""} | other


def flip(letter: bytes, part: int) -> bytes:
    parts = letter.split(b".")
    raw = bytearray(urlsafe_b64decode(parts[part] + b"=" * (-len(parts[part]) % 4)))
    raw[len(raw) // 2] ^= 1
    parts[part] = urlsafe_b64encode(bytes(raw)).rstrip(b"=")
    return b".".join(parts)


def test_the_recipient_reads_what_was_written(desks: tuple[Desk, Desk, Desk]):
    a, b, _ = desks
    sealed = a.seal(OSPOD, number=3)
    opened = b.open(sealed.letter, PRISTAV)
    assert (opened.claims.data, opened.claims.number, opened.claims.type) == (CONTENT, 3, "referral-sent")
    assert opened.digest == sealed.digest and opened.claims.jti == sealed.jti
    assert opened.claims.issued_at == NOW


@pytest.mark.parametrize("type", ["receipt", "resend", "hello"])
def test_a_control_letter_carries_no_number(desks: tuple[Desk, Desk, Desk], type: str):
    a, b, _ = desks
    assert b.open(a.seal(OSPOD, number=None, type=type).letter, PRISTAV).claims.number is None
    with pytest.raises(SealingError):
        a.seal(OSPOD, number=1, type=type)
    with pytest.raises(SealingError):
        a.seal(OSPOD, number=None, type="referral-sent")


def test_sealed_anew_it_has_the_same_digest(desks: tuple[Desk, Desk, Desk]):
    a, _, _ = desks
    first, again = a.seal(OSPOD), a.seal(OSPOD, at=NOW + timedelta(days=1))
    assert first.digest == again.digest and first.letter != again.letter
    others = [a.seal(OSPOD, number=2), a.seal(OSPOD, type="note"), a.seal(SCHOOL), a.seal(OSPOD, need="other")]
    assert len({first.digest, *(other.digest for other in others)}) == 5


def test_the_evidence_is_the_sender_s_own_signature(desks: tuple[Desk, Desk, Desk]):
    a, b, _ = desks
    evidence = b.open(a.seal(OSPOD).letter, PRISTAV).evidence
    signed = jws.deserialize_compact(evidence, a.keys.signing_key, registry=ANY_INNER)
    assert Claims.model_validate(json.loads(signed.payload)).data == CONTENT


@pytest.mark.parametrize(("size", "travels"), [(10, 1), (900, 4), (3_000, 4), (5_000, 16), (60_000, 64)])
def test_the_hub_sees_a_size_class_only(desks: tuple[Desk, Desk, Desk], size: int, travels: int):
    a, b, _ = desks
    sealed = a.seal(OSPOD, text="x" * size)
    assert len(words(b, sealed.letter).split(".")[1]) == pytest.approx(travels * 1024 * 4 / 3, abs=2)
    assert len(sealed.letter) < sealing.LARGEST
    assert len(sealed.letter) == len(a.seal(OSPOD, text="y" * (size - 1)).letter)


def test_content_beyond_the_largest_bucket_is_refused_before_sealing(desks: tuple[Desk, Desk, Desk]):
    with pytest.raises(SealingError, match="Nothing was sent"):
        desks[0].seal(OSPOD, text="x" * 262_144)


@pytest.mark.parametrize("bad", [{"a": float("nan")}, {"a": {1, 2}}, {"a": "\ud800"}])
def test_content_that_is_not_json_is_refused_before_sealing(desks: tuple[Desk, Desk, Desk], bad: dict[str, Any]):
    with pytest.raises(SealingError):
        desks[0].seal(OSPOD, **bad)


def test_a_third_organisation_cannot_open_it(desks: tuple[Desk, Desk, Desk]):
    a, _, c = desks
    assert c.refuses(a.seal(OSPOD).letter, PRISTAV) == "not_to_me"


def test_the_hub_cannot_say_that_another_sent_it(desks: tuple[Desk, Desk, Desk]):
    a, b, _ = desks
    assert b.refuses(a.seal(OSPOD).letter, SCHOOL) == "not_from_this_sender"


def test_a_stranger_is_refused_before_anything_is_parsed(desks: tuple[Desk, Desk, Desk]):
    a, b, _ = desks
    assert b.refuses(a.seal(OSPOD).letter, UUID(int=99)) == "unknown_sender"
    b.partners[PRISTAV] = PinnedPartner(PRISTAV, a.keys.fingerprint)
    assert b.refuses(a.seal(OSPOD).letter, PRISTAV) == "no_keys_of_sender"


@pytest.mark.parametrize("part", range(5), ids=["header", "wrapped key", "nonce", "ciphertext", "tag"])
def test_one_bit_flipped_anywhere_is_refused(desks: tuple[Desk, Desk, Desk], part: int):
    a, b, _ = desks
    code = b.refuses(flip(a.seal(OSPOD).letter, part), PRISTAV)
    assert part == 0 or code in {"malformed", "not_openable"}  # what a header says may be wrong in many ways


def test_one_bit_of_the_signed_words_flipped_is_refused(desks: tuple[Desk, Desk, Desk]):
    a, b, _ = desks
    signed = words(b, a.seal(OSPOD).letter).encode()
    for part in (1, 2):
        forged = enclose(flip(signed, part).decode(), b, PRISTAV)
        assert b.refuses(forged, PRISTAV) == "bad_signature"


def test_signed_words_cannot_be_forwarded_to_another(desks: tuple[Desk, Desk, Desk]):
    """B re-seals A's signed words to C, and the cryptography verifies: only the audience catches it."""
    a, b, c = desks
    signed = words(b, a.seal(OSPOD).letter)
    assert c.refuses(enclose(signed, c, OSPOD), OSPOD) == "signed_by_no_known_key"  # as B
    assert c.refuses(enclose(signed, c, PRISTAV), PRISTAV) == "not_to_me"  # as if A had written to C


def test_a_partner_cannot_sign_in_another_s_name(desks: tuple[Desk, Desk, Desk]):
    _, b, c = desks
    signed = sign(c, claims())
    assert b.refuses(enclose(signed, b, PRISTAV), PRISTAV) == "signed_by_no_known_key"
    assert b.refuses(enclose(signed, b, SCHOOL), SCHOOL) == "not_from_this_sender"


def test_no_signature_and_a_shared_secret_are_no_signature(desks: tuple[Desk, Desk, Desk]):
    a, b, _ = desks
    kid, payload = a.keys.signing_kid, urlsafe_b64encode(json.dumps(claims()).encode()).rstrip(b"=").decode()
    none = urlsafe_b64encode(json.dumps({"alg": "none", "kid": kid, "typ": "spojka-letter+jws"}).encode())
    assert b.refuses(enclose(f"{none.rstrip(b'=').decode()}.{payload}.", b, PRISTAV), PRISTAV) == "not_this_profile"
    public = OctKey.import_key(a.keys.keys.keys[kid].x)  # the public key taken for an HMAC secret
    assert b.refuses(enclose(sign(a, claims(), public, alg="HS256"), b, PRISTAV), PRISTAV) == "not_this_profile"


@pytest.mark.parametrize(
    "head",
    [
        {"zip": "DEF"},
        {"enc": "A128GCM"},
        {"alg": "ECDH-ES+A128KW"},
        {"typ": "spojka-keys"},
        {"cty": "text/plain"},
        {"apu": "QQ"},
    ],
    ids=str,
)
def test_any_other_outer_header_is_refused(desks: tuple[Desk, Desk, Desk], head: dict[str, str]):
    a, b, _ = desks
    assert b.refuses(enclose(sign(a, claims()), b, PRISTAV, **head), PRISTAV) == "not_this_profile"


@pytest.mark.parametrize("head", [{"typ": "spojka-keys"}, {"cty": "JWT"}, {"jku": "https://keys.example/"}], ids=str)
def test_any_other_inner_header_is_refused(desks: tuple[Desk, Desk, Desk], head: dict[str, str]):
    a, b, _ = desks
    assert b.refuses(enclose(sign(a, claims(), **head), b, PRISTAV), PRISTAV) == "not_this_profile"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"v": 2}, "unknown_version"),
        ({"aud": str(SCHOOL)}, "not_to_me"),
        ({"iss": str(SCHOOL)}, "not_from_this_sender"),
        ({"iss": str(PRISTAV).upper()}, "malformed"),
        ({"number": 0}, "malformed"),
        ({"number": -1}, "malformed"),
        ({"number": "1"}, "malformed"),
        ({"number": True}, "malformed"),
        ({"number": 2**53}, "malformed"),
        ({"number": None}, "malformed"),
        ({"type": "hello"}, "malformed"),
        ({"type": "Not Kebab"}, "malformed"),
        ({"data": []}, "malformed"),
        ({"iat": 10**30}, "malformed"),
        ({"more": 1}, "malformed"),
        ({"iat": int((NOW + timedelta(days=3)).timestamp())}, "implausible_time"),
        ({"data": {"text": "\ud800"}}, "malformed"),
    ],
    ids=str,
)
def test_claims_that_are_not_a_letter_to_me_are_refused(
    desks: tuple[Desk, Desk, Desk], change: dict[str, Any], code: str
):
    a, b, _ = desks
    b.open(enclose(sign(a, claims()), b, PRISTAV), PRISTAV)
    assert b.refuses(enclose(sign(a, claims(**change)), b, PRISTAV), PRISTAV) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "1",
        '"v"',
        '{"v":1}',
        "[" * 20_000,
        '{"a":' * 10_000,
        "\xff",
        json.dumps(claims())[:-1] + ',"data":{"n":NaN}}',
        json.dumps(claims())[:-1] + ',"number":2}',  # a name twice
        json.dumps(claims()).replace('"data": {}', '"data": {"n": 1e999}'),
        json.dumps(claims()).replace('"data": {}', '"data": {"n": ' + "9" * 5_000 + "}"),
        json.dumps(claims()).replace('"data": {}', '"data": {"n": ' + "[" * 100 + "]" * 100 + "}"),
    ],
    ids=lambda text: text[:20],
)
def test_signed_nonsense_is_refused(desks: tuple[Desk, Desk, Desk], text: str):
    a, b, _ = desks
    assert b.refuses(enclose(sign(a, text.encode("latin-1")), b, PRISTAV), PRISTAV) == "malformed"


def test_a_letter_of_ten_megabytes_is_not_looked_at(desks: tuple[Desk, Desk, Desk]):
    assert desks[1].refuses(b"x" * 10_000_000, PRISTAV) == "too_large"


def test_a_letter_kept_back_for_weeks_is_refused(desks: tuple[Desk, Desk, Desk]):
    a, b, _ = desks
    letter = a.seal(OSPOD).letter
    b.open(letter, PRISTAV, at=NOW + timedelta(days=20))
    assert b.refuses(letter, PRISTAV, at=NOW + timedelta(days=23)) == "implausible_time"


def test_letters_survive_a_roll_over_on_both_sides(desks: tuple[Desk, Desk, Desk]):
    a, b, _ = desks
    on_its_way = a.seal(OSPOD).letter
    later = NOW + timedelta(days=1)
    a.keys, b.keys = a.keys.roll_over(later), b.keys.roll_over(later)
    a.trusts(b)
    b.trusts(a)
    assert b.open(on_its_way, PRISTAV, at=later).claims.number == 1
    assert b.open(a.seal(OSPOD, number=2, at=later).letter, PRISTAV, at=later).claims.number == 2


def test_a_partner_that_missed_our_roll_over_still_reaches_us_for_a_while(desks: tuple[Desk, Desk, Desk]):
    a, b, _ = desks
    b.keys = b.keys.roll_over(NOW)  # A does not know yet
    assert b.open(a.seal(OSPOD).letter, PRISTAV).claims.number == 1
    after = NOW + timedelta(days=22)
    b.keys = b.keys.destroy_expired(after)
    assert b.refuses(a.seal(OSPOD, at=after).letter, PRISTAV, at=after) == "sealed_to_no_key_of_mine"


def test_a_year_old_signing_key_verifies_but_does_not_sign(desks: tuple[Desk, Desk, Desk]):
    a, b, _ = desks
    old, then = a.keys, NOW + timedelta(days=366)
    written = a.seal(OSPOD, at=then).letter
    a.keys = a.keys.roll_over(then)
    b.trusts(a)
    assert a.keys.signing_kid != old.signing_kid
    assert b.open(written, PRISTAV, at=then).claims.number == 1
    late = then + timedelta(days=10)
    stolen = sealing.seal(old, a.partners[OSPOD], type="note", data={}, at=late, number=9)
    assert b.refuses(stolen.letter, PRISTAV, at=late) == "key_out_of_date"


def test_a_revoked_key_is_refused_from_then_on(desks: tuple[Desk, Desk, Desk]):
    a, b, _ = desks
    thief = a.seal(OSPOD).letter
    a.keys = a.keys.revoke([a.keys.signing_kid], NOW)
    assert b.open(thief, PRISTAV).claims.number == 1  # B has not heard yet
    b.trusts(a)
    assert b.refuses(thief, PRISTAV) == "key_revoked"
    assert b.open(a.seal(OSPOD, number=2).letter, PRISTAV).claims.number == 2


def test_nothing_is_sealed_to_a_key_that_has_run_out(desks: tuple[Desk, Desk, Desk]):
    a, b, _ = desks
    known = a.partners[OSPOD]
    assert known.keys is not None
    ended = known.keys.keys[known.keys.seal_to].model_copy(update={"valid_until": int(NOW.timestamp())})
    a.partners[OSPOD] = replace(known, keys=known.keys.model_copy(update={"keys": {known.keys.seal_to: ended}}))
    with pytest.raises(SealingError, match="waits"):
        a.seal(OSPOD, at=NOW + timedelta(days=3))
    a.partners[OSPOD] = PinnedPartner(OSPOD, b.keys.fingerprint)
    with pytest.raises(SealingError, match="waits"):
        a.seal(OSPOD)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, Desk, Desk]:
    return network(tmp_path_factory.mktemp("keys"))


@settings(max_examples=60, deadline=None)
@given(data=st.dictionaries(st.text(max_size=8), json_values, max_size=4), number=st.integers(1, 2**53 - 1))
def test_whatever_is_sealed_is_opened_with_the_same_digest(
    still: tuple[Desk, Desk, Desk], data: dict[str, Any], number: int
):
    a, b, _ = still
    sealed = sealing.seal(a.keys, a.partners[OSPOD], type="note", data=data, at=NOW, number=number)
    opened = b.open(sealed.letter, PRISTAV)
    assert opened.claims.data == data and opened.digest == sealed.digest == digest(opened.claims)


segments = st.binary(max_size=200).map(lambda raw: urlsafe_b64encode(raw).rstrip(b"="))
letters = st.one_of(
    st.binary(max_size=400),
    st.lists(segments, min_size=0, max_size=6).map(b".".join),
    st.dictionaries(st.sampled_from(["alg", "enc", "kid", "typ", "cty", "iss", "aud", "epk", "zip"]), json_values).map(
        lambda head: urlsafe_b64encode(json.dumps(head).encode()).rstrip(b"=") + b".QQ.QQ.QQ.QQ"
    ),
)


@settings(max_examples=300, deadline=None)
@given(letter=letters)
def test_no_bytes_raise_anything_but_a_refusal(still: tuple[Desk, Desk, Desk], letter: bytes):
    still[1].refuses(letter, PRISTAV)


@settings(max_examples=150, deadline=None)
@given(payload=st.binary(max_size=300) | json_values.map(lambda value: json.dumps(value).encode()))
def test_no_signed_bytes_raise_anything_but_a_refusal(still: tuple[Desk, Desk, Desk], payload: bytes):
    a, b, _ = still
    b.refuses(enclose(sign(a, payload), b, PRISTAV), PRISTAV)


@settings(max_examples=150, deadline=None)
@given(change=st.dictionaries(st.sampled_from(sorted(claims())), json_values, min_size=1, max_size=3))
def test_no_signed_claims_raise_anything_but_a_refusal(still: tuple[Desk, Desk, Desk], change: dict[str, Any]):
    a, b, _ = still
    letter = enclose(sign(a, claims() | change), b, PRISTAV)
    with suppress(LetterRefused):
        assert b.open(letter, PRISTAV).claims.iss == PRISTAV


@settings(max_examples=150, deadline=None)
@given(words=st.text(max_size=200))
def test_no_sealed_text_raises_anything_but_a_refusal(still: tuple[Desk, Desk, Desk], words: str):
    _, b, _ = still
    b.refuses(enclose(words, b, PRISTAV), PRISTAV)


@settings(max_examples=100, deadline=None)
@given(epk=json_values | st.fixed_dictionaries({"kty": st.just("OKP"), "crv": st.just("X25519"), "x": json_values}))
def test_no_ephemeral_key_raises_anything_but_a_refusal(still: tuple[Desk, Desk, Desk], epk: Any):
    a, b, _ = still
    head, rest = a.seal(OSPOD).letter.split(b".", 1)
    said = json.loads(urlsafe_b64decode(head + b"==")) | {"epk": epk}
    b.refuses(urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=") + b"." + rest, PRISTAV)


def test_a_key_agreed_with_everybody_is_refused(still: tuple[Desk, Desk, Desk]):
    """The all-zero point gives one shared secret whoever holds the private key."""
    a, b, _ = still
    head, rest = a.seal(OSPOD).letter.split(b".", 1)
    zero = OKPKey.import_key({"kty": "OKP", "crv": "X25519", "x": "A" * 43}).as_dict(private=False)
    said = json.loads(urlsafe_b64decode(head + b"==")) | {"epk": {name: zero[name] for name in ("kty", "crv", "x")}}
    forged = urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=") + b"." + rest
    assert b.refuses(forged, PRISTAV) == "not_openable"
