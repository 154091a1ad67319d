"""Code lists that the templates of referrals offer, by the name they have there."""

from collections.abc import Mapping

from libs.codelists import Code, CompletedOutcome, DeclineReason, FailedReason, Need, TargetGroup, WithdrawReason

CODE_LISTS: Mapping[str, type[Code]] = {
    "need": Need,
    "group": TargetGroup,
    "decline": DeclineReason,
    "completed": CompletedOutcome,
    "failed": FailedReason,
    "withdraw": WithdrawReason,
}
