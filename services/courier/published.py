"""What others may know of `courier`."""

from libs.messaging import Published
from libs.projection import classes_of
from services.courier.correspondence.commands import CorrespondenceCommand
from services.courier.correspondence.events import CorrespondenceEvent
from services.courier.correspondence.views import (
    Correspondences,
    Counters,
    Gap,
    Gaps,
    LetterOfThread,
    LetterReceived,
    LetterRefusal,
    LettersBetween,
    LettersOfThread,
    LettersRefused,
    LettersUnapplied,
    LettersWaiting,
    LetterToSend,
    LetterWaiting,
    OutstandingOf,
    Quarantined,
    QuarantinedLetter,
    ReceivedLetter,
    UnappliedLetter,
)

PUBLISHED = Published(
    service="courier",
    commands={"correspondence": classes_of(CorrespondenceCommand)},
    events={"correspondence": classes_of(CorrespondenceEvent)},
    queries={
        "letters_waiting": (LettersWaiting, LetterWaiting),
        "letters_refused": (LettersRefused, LetterRefusal),
        "letters_of_thread": (LettersOfThread, LetterOfThread),
        "outstanding_of": (OutstandingOf, LetterToSend),
        "letters_between": (LettersBetween, LetterToSend),
        "letter_received": (LetterReceived, ReceivedLetter),
        "letters_unapplied": (LettersUnapplied, UnappliedLetter),
        "quarantined": (Quarantined, QuarantinedLetter),
        "gaps": (Gaps, Gap),
        "correspondences": (Correspondences, Counters),
    },
)
