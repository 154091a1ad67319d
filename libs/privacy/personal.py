"""`Personal[T]`: a value about a person. In the clear only in memory; sealed wherever it is written.

A value is in one of three states:

    clear     as typed by a user; lives in commands and answers, never in a stored event
    sealed    a token only the owner of the data subject's key can open; lives in events and read models
    withheld  it is there, but not for this reader (a neighbouring service, or a forgotten person)

`repr` never shows the value, and serialising a clear value fails unless the caller says so with
`context=CLEAR`: a forgotten `seal()` stops the program instead of writing a name to disk.
"""

from typing import Any, Generic, TypeVar, get_args

from pydantic import GetCoreSchemaHandler, SerializationInfo, ValidationInfo
from pydantic_core import core_schema

T = TypeVar("T")

CLEAR = {"personal": "clear"}
"""Serialisation context: write clear values as they are (a command on its way, an answer to a user)."""
STORED = {"personal": "stored"}
"""Validation context: read `{"sealed": token}` and `null` as sealed and withheld (a stored event, a row)."""


class PersonalInClear(TypeError):
    """A clear personal value was about to be written. It is a programming error; nothing was written."""


class Personal(Generic[T]):
    """One value about one data subject. See the module docstring for its three states."""

    __slots__ = ("_clear", "_token")

    def __init__(self, clear: T | None = None, *, token: str | None = None) -> None:
        self._clear = clear
        self._token = token

    @property
    def is_clear(self) -> bool:
        return self._clear is not None

    @property
    def is_withheld(self) -> bool:
        return self._clear is None and self._token is None

    @property
    def token(self) -> str | None:
        """The sealed form, as stored; None unless sealed."""
        return self._token

    def reveal(self) -> T:
        """The value itself. Raises LookupError unless it is clear: ask `SubjectKeys.open` first."""
        if self._clear is None:
            raise LookupError("not in the clear here")
        return self._clear

    def __repr__(self) -> str:
        return f"Personal({'clear' if self.is_clear else 'sealed' if self._token else 'withheld'})"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Personal):
            return NotImplemented
        return self._clear == other._clear and self._token == other._token

    def __hash__(self) -> int:
        return hash((self._token, repr(self._clear)))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        (inner,) = get_args(source) or (str,)
        inner_schema = handler.generate_schema(inner)

        def wrap(value: Any, inner_handler: core_schema.ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
            if isinstance(value, Personal):
                return value
            if info.context == STORED:
                if value is None:
                    return Personal[Any]()
                if isinstance(value, dict) and list(value) == ["sealed"]:
                    return Personal[Any](token=str(value["sealed"]))
            return Personal(inner_handler(value))

        def write(value: "Personal[Any]", info: SerializationInfo) -> Any:
            if value._token is not None:
                return {"sealed": value._token}
            if value._clear is None:
                return None
            if info.context != CLEAR:
                raise PersonalInClear("a clear personal value must be sealed before it is written")
            return value._clear

        return core_schema.with_info_wrap_validator_function(
            wrap,
            inner_schema,
            serialization=core_schema.plain_serializer_function_ser_schema(write, info_arg=True),
        )


class about:
    """Names the event field that holds the data subject, where it is not the event's own `subject`."""

    def __init__(self, field: str) -> None:
        self.field = field
