"""Personal data: sealed under a key per data subject, forgotten by destroying that key."""

from libs.privacy.fields import open_fields, seal_fields
from libs.privacy.keys import Forgotten, KeyLost, NodeKey, SubjectKeys
from libs.privacy.personal import CLEAR, STORED, Personal, PersonalInClear, about

__all__ = [
    "CLEAR",
    "STORED",
    "Forgotten",
    "KeyLost",
    "NodeKey",
    "Personal",
    "PersonalInClear",
    "SubjectKeys",
    "about",
    "open_fields",
    "seal_fields",
]
