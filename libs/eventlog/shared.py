"""One organisation's half of a shared matter, as seen from anywhere: gapless, in order, each entry once."""

from typing import Generic, Self, TypeVar

from libs.eventlog.events import Frozen, SharedEvent

E = TypeVar("E", bound=SharedEvent)


class Half(Frozen, Generic[E]):
    """The log of one author about one matter.

    entries   number 1, 2, 3 … without gaps: what may be acted on
    held      arrived too early; each waits for the numbers before it
    """

    entries: tuple[E, ...] = ()
    held: tuple[E, ...] = ()

    def add(self, entry: E) -> Self:
        """This half with one more entry. A repeat changes nothing; a later one is held (rule X11)."""
        waiting = {one.number: one for one in self.held}
        if entry.number > len(self.entries):
            waiting.setdefault(entry.number, entry)
        entries = list(self.entries)
        while (following := waiting.pop(len(entries) + 1, None)) is not None:
            entries.append(following)
        held = tuple(waiting[number] for number in sorted(waiting))
        return self.model_construct(entries=tuple(entries), held=held)

    @property
    def next_number(self) -> int:
        """The number of the author's next entry."""
        return len(self.entries) + 1
