"""Words of the demonstration: what belongs to people and must not show outside a page, and what is data in Czech."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from pydantic import BaseModel

from deploy.demo.leaks import canaries
from deploy.demo.people import ORGANISATIONS, PEOPLE
from deploy.demo.steps import Step
from deploy.demo.story import STORY
from libs.codelists import MUNICIPALITIES, ORPS, REGIONS, Code
from libs.privacy import CLEAR, Personal

CZECH = re.compile(r"\w*[áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ]\w*")


def plain(text: str) -> str:
    """Lower case, without accents and marks: as somebody would put it into an address."""
    without = unicodedata.normalize("NFD", text.casefold())
    return re.sub(r"[^a-z0-9]+", "-", "".join(one for one in without if not unicodedata.combining(one))).strip("-")


@cache
def personal() -> tuple[str, ...]:
    """Names and texts of the story's people, as `plain` spells them."""
    return tuple(plain(one) for one in canaries())


def named_in(text: str) -> list[str]:
    """Which of them stand in a title or an address, as words of their own."""
    spelled = f"-{plain(text)}-"
    return [one for one in personal() if f"-{one}-" in spelled]


@cache
def data() -> frozenset[str]:
    """Every word with a Czech letter that somebody typed in the story, or that is a name of somebody or of a place."""
    said = [one for step in STORY if isinstance(step, Step) for one in _texts(step.fields)]
    names = [one.name for one in (*ORGANISATIONS, *PEOPLE, *MUNICIPALITIES.values(), *ORPS.values())]
    names += [one.en for one in REGIONS.values()]
    return frozenset(word for text in (*said, *names) for word in CZECH.findall(text))


def czech_in(texts: Iterable[str], also: Iterable[str] = ()) -> list[str]:
    """Texts with Czech words that nobody typed: sentences that were not translated."""
    known = data() | {word for text in also for word in CZECH.findall(text)}
    return [text for text in texts if any(word not in known for word in CZECH.findall(text))]


def _texts(value: object) -> Iterator[str]:
    match value:
        case Code():
            return
        case Personal():
            yield from _texts(value.reveal())
        case str():
            yield value
        case BaseModel():
            yield from _texts(value.model_dump(context=CLEAR))
        case Mapping():
            for one in value.values():
                yield from _texts(one)
        case list() | tuple() | set() | frozenset():
            for one in value:
                yield from _texts(one)
        case _:
            return
