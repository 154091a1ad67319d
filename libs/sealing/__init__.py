"""Letters between organisations: signed, sealed, and opened only when everything about them is right."""

from libs.sealing.digest import digest, sealed_digest
from libs.sealing.errors import LetterError, LetterRefused, SealingError
from libs.sealing.files import read_private, write_private
from libs.sealing.keys import OrganisationKeys
from libs.sealing.letter import CONTROL, VOID, Claims, Opened, Sealed, open, seal
from libs.sealing.partners import KeySet, PinnedPartner, accept_key_set
from libs.sealing.profile import LARGEST

__all__ = [
    "CONTROL",
    "LARGEST",
    "VOID",
    "Claims",
    "KeySet",
    "LetterError",
    "LetterRefused",
    "Opened",
    "OrganisationKeys",
    "PinnedPartner",
    "Sealed",
    "SealingError",
    "accept_key_set",
    "digest",
    "open",
    "read_private",
    "seal",
    "sealed_digest",
    "write_private",
]
