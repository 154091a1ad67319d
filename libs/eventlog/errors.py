"""Everything that handling a command or reading a log can raise.

EventLogError
├── CommandFailed           what `handle()` raises; crosses the wire as code + sentence
│   ├── Forbidden           the policy said no. Nothing stored.
│   ├── Rejected            the decider said no. Nothing stored. Show the reason.
│   ├── VersionConflict     somebody wrote first. Nothing stored. Load and decide again.
│   ├── LogUnavailable      no answer from PostgreSQL. Perhaps stored. Send the same command id again.
│   └── Broken              a fault of ours or a full disk. Nothing stored. The operator must look.
├── ChainBroken             the stored hashes do not fit the stored events: somebody changed the log
└── RegistryError           event classes contradict each other: the service must not start
"""


class EventLogError(Exception):
    """Base of this library's errors."""


class CommandFailed(EventLogError):
    """A command that had no effect (or, for LogUnavailable, an unknown one).

    code      snake_case, stable; the portal translates it
    sentence  what happened, what is safe, what to do; no personal data
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence


class Forbidden(CommandFailed):
    """The policy said no; `code` is the rule that was missing."""


class Rejected(CommandFailed):
    """The decider said no."""


class VersionConflict(CommandFailed):
    """Somebody wrote to the stream first."""

    def __init__(self, stream: str) -> None:
        super().__init__(
            "stale_version",
            "Somebody changed this since you opened it. Nothing was recorded. Open it again and decide anew.",
        )
        self.stream = stream


class LogUnavailable(CommandFailed):
    """PostgreSQL did not answer. The same command id may be sent again without a second effect."""

    def __init__(self) -> None:
        super().__init__(
            "unavailable",
            "The store did not answer. It may or may not be recorded. Send the same again: it is never recorded twice.",
        )


class Broken(CommandFailed):
    """The service itself is at fault. Nothing was stored; the cause stands in the service's log."""

    def __init__(
        self,
        code: str = "fault",
        sentence: str = "Something in the service is broken. Nothing was recorded. "
        "Keep your text; your administrator finds the cause with `spojka doctor`.",
    ) -> None:
        super().__init__(code, sentence)


class ChainBroken(EventLogError):
    """The log was changed outside the service."""


class RegistryError(EventLogError):
    """Two classes claim one stored type, or an upcaster is missing."""
