"""Everything that sealing, opening and keeping keys can raise.

LetterError
├── LetterRefused    what arrived is not to be trusted: quarantine it. A reason code, never any content.
└── SealingError     our own side cannot seal, or cannot find its keys. Nothing left. A sentence for a person.
"""


class LetterError(Exception):
    """Base of this library's errors."""


class LetterRefused(LetterError):
    """A letter or a key set that is not what it claims to be.

    code   snake_case and stable. Holds nothing of the letter: it may be logged, counted and shown.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SealingError(LetterError):
    """Our own side failed. The sentence says what happened, what is safe, what to do; no content in it."""
