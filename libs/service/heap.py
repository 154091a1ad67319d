"""What the garbage collector need not look at, and how often it looks."""

import gc

YOUNG = 5_000
"""So many new objects before the young ones are looked through. With 256 commands in flight the usual 700 are new all
the time, none of them garbage: 140 looks a second took a tenth of the time."""


def keep_what_is_here() -> None:
    """Called once, when everything is up: what was made while a program started stays until it ends.

    A full collection walks every object there is and stops the program meanwhile: 50 to 100 ms for the classes and
    tables of libraries alone, every few seconds under load. With those put aside it takes about one.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
