"""Numbers of letters: what has come, what is missing. Pure arithmetic, any order in, one answer out."""

from bisect import bisect_left

from libs.eventlog import Frozen


class Range(Frozen):
    """Numbers from `first` to `last`, both included."""

    first: int
    last: int


def known(through: int, beyond: tuple[int, ...], number: int) -> bool:
    """Whether this number has come. `through`: all up to here; `beyond`: single ones after a gap, sorted."""
    place = bisect_left(beyond, number)
    return number <= through or (place < len(beyond) and beyond[place] == number)


def received(through: int, beyond: tuple[int, ...], number: int) -> tuple[int, tuple[int, ...]]:
    """`through` and `beyond` once this number has come, too."""
    if known(through, beyond, number):
        return through, beyond
    place = bisect_left(beyond, number)
    waiting = (*beyond[:place], number, *beyond[place:])
    joined = 0
    while joined < len(waiting) and waiting[joined] == through + 1:
        through, joined = waiting[joined], joined + 1
    return through, waiting[joined:]


def missing(through: int, beyond: tuple[int, ...], last: int) -> tuple[Range, ...]:
    """The gaps up to the highest number that has come, or up to `last` if the other side says it went further."""
    gaps: list[Range] = []
    expected = through + 1
    for number in (*beyond, last + 1):
        if number > expected:
            gaps.append(Range(first=expected, last=number - 1))
        expected = max(expected, number + 1)
    return tuple(gaps)
