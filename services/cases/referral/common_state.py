"""What a referral is, read from both logs: the numbered table of domain.md §4.6, literally. Pure and total.

Both ends call this with the same two logs and get the same answer, in whatever order the letters came. No
half ever looks at when the other one arrived, only at what its author says to have `seen`.
`queries.sql` says the same in SQL for the lists.
"""

from collections.abc import Sequence
from enum import StrEnum

from libs.eventlog import Frozen
from services.cases.referral.events import (
    ProgressEntry,
    ReferralAccepted,
    ReferralCancelled,
    ReferralClosed,
    ReferralCompleted,
    ReferralDeclined,
    ReferralEnteredInError,
    ReferralExpired,
    ReferralFailed,
    ReferralOutcomeCorrected,
    ReferralPutWaiting,
    ReferralReceived,
    ReferralRerouted,
    ReferralResumed,
    ReferralStarted,
    ReferralWithdrawn,
    RequestEntry,
)


class Stage(StrEnum):
    """Where a referral stands, the same for both ends. The portal has the words for people."""

    DRAFT = "draft"
    SENT = "sent"
    RECEIVED = "received"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    DECLINED = "declined"
    REROUTED = "rerouted"
    EXPIRED = "expired"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    WITHDRAWAL_PENDING = "withdrawal_pending"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    ENTERED_IN_ERROR = "entered_in_error"


class CommonState(Frozen):
    """outcome   of a closed referral: its stage without the closing
    code      reason or outcome code of the final answer, as corrected
    crossed   the final answer was written before the withdrawal was known; it stands
    faults    numbers of progress entries that the recipient should not have written: it knew of the withdrawal
    """

    stage: Stage
    outcome: Stage | None = None
    code: str | None = None
    crossed: bool = False
    faults: tuple[int, ...] = ()


class Progress(Frozen):
    """What the valid entries of a progress log say.

    stage      None: nothing has been written yet
    standing   the stage under a waiting; otherwise the same as `stage`
    final      the first final entry
    code       of the final entry, as corrected
    """

    stage: Stage | None = None
    standing: Stage | None = None
    final: ProgressEntry | None = None
    code: str | None = None


def common_state(request: Sequence[RequestEntry], progress: Sequence[ProgressEntry]) -> CommonState:
    """f(S, P). Both without gaps, in order: `Half.entries`."""
    withdrawn = withdrawal_number(request)
    valid = tuple(entry for entry in progress if is_valid(entry, withdrawn))
    known = read_progress(valid)
    crossed = False
    if withdrawn is not None and known.final is not None and known.final.seen < withdrawn:  # row 3
        stage, crossed = known.stage or Stage.RECEIVED, True
    elif withdrawn is not None and any(_confirms_withdrawal(entry) for entry in valid):  # row 4
        stage = Stage.WITHDRAWN
    elif withdrawn is not None:  # row 5
        stage = Stage.WITHDRAWAL_PENDING
    elif known.stage is not None:  # row 6
        stage = known.stage
    elif request:  # row 7
        stage = Stage.SENT
    else:  # row 8
        stage = Stage.DRAFT
    outcome = None
    if any(isinstance(entry, ReferralEnteredInError) for entry in request):  # row 1
        stage = Stage.ENTERED_IN_ERROR
    elif any(isinstance(entry, ReferralClosed) for entry in request):  # row 2
        stage, outcome = Stage.CLOSED, stage
    faults = tuple(entry.number for entry in progress if not is_valid(entry, withdrawn))
    return CommonState(stage=stage, outcome=outcome, code=known.code, crossed=crossed, faults=faults)


def withdrawal_number(request: Sequence[RequestEntry]) -> int | None:
    """k: the number of the withdrawal in the request log; None: not taken back."""
    return next((entry.number for entry in request if isinstance(entry, ReferralWithdrawn)), None)


def is_valid(entry: ProgressEntry, withdrawn: int | None) -> bool:
    """Whether this entry counts. With the withdrawal seen, only few may still be written."""
    return (
        withdrawn is None
        or entry.seen < withdrawn
        or isinstance(entry, ReferralReceived | ReferralOutcomeCorrected)
        or _confirms_withdrawal(entry)
    )


def read_progress(valid: Sequence[ProgressEntry]) -> Progress:
    """Fold valid entries. The first final one stands for ever; only a completed outcome may be corrected."""
    if not valid:
        return Progress()
    stage = standing = Stage.RECEIVED
    final: ProgressEntry | None = None
    code: str | None = None
    for entry in valid:
        if final is not None:
            if isinstance(final, ReferralCompleted) and isinstance(entry, ReferralOutcomeCorrected):
                code = entry.outcome
            continue
        match entry:
            case ReferralReceived():
                stage = standing = Stage.RECEIVED
            case ReferralAccepted():
                stage = standing = Stage.ACCEPTED
            case ReferralStarted():
                stage = standing = Stage.IN_PROGRESS
            case ReferralPutWaiting():
                stage = Stage.WAITING
            case ReferralResumed():
                stage = standing
            case ReferralDeclined():
                stage, final, code = Stage.DECLINED, entry, entry.code
            case ReferralRerouted():
                stage, final = Stage.REROUTED, entry
            case ReferralExpired():
                stage, final = Stage.EXPIRED, entry
            case ReferralCompleted():
                stage, final, code = Stage.COMPLETED, entry, entry.outcome
            case ReferralFailed():
                stage, final, code = Stage.FAILED, entry, entry.code
            case ReferralCancelled():
                stage, final, code = Stage.CANCELLED, entry, entry.code
            case ReferralOutcomeCorrected():
                pass  # nothing to correct yet
    return Progress(stage=stage, standing=standing, final=final, code=code)


def _confirms_withdrawal(entry: ProgressEntry) -> bool:
    return isinstance(entry, ReferralCancelled) and entry.cause == "withdrawal"
