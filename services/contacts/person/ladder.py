"""The knowledge ladder: which step leads where, and what a refused step is answered (domain.md §4.1). Pure.

Identity is no part of it: a client may stay a nickname. Contacts alone never move anybody.
"""

from uuid import UUID

from libs.codelists import LadderStage as Stage
from libs.codelists import LadderStep as Step
from libs.eventlog import Frozen, Rejected


class Ladder(Frozen):
    """plans: open ones. episode: how often a case began."""

    stage: Stage
    was_client: bool = False
    plans: frozenset[UUID] = frozenset()
    episode: int = 1


FIRST = {
    Step.NICKNAME_GIVEN: Stage.NICKNAME,
    Step.INTEREST_EXPRESSED: Stage.INTERESTED,
    Step.AGREEMENT_CONCLUDED: Stage.CLIENT,
}
"""How somebody without a record gets one; the last one is a person who came straight to the office."""

NEXT = {
    (Stage.NICKNAME, Step.INTEREST_EXPRESSED): Stage.INTERESTED,
    (Stage.NICKNAME, Step.AGREEMENT_CONCLUDED): Stage.CLIENT,
    (Stage.INTERESTED, Step.AGREEMENT_CONCLUDED): Stage.CLIENT,
    (Stage.INTERESTED, Step.INTEREST_LOST): Stage.CLOSED,
    (Stage.CLIENT, Step.PLAN_ACTIVATED): Stage.CLIENT_WITH_PLAN,
    (Stage.CLIENT, Step.CASE_CLOSED): Stage.CLOSED,
    (Stage.CLIENT_WITH_PLAN, Step.PLAN_CLOSED): Stage.CLIENT,
    (Stage.CLOSED, Step.CASE_REOPENED): Stage.CLIENT,
}
_CLIENTS = (Stage.CLIENT, Stage.CLIENT_WITH_PLAN)


def after(ladder: Ladder, step: Step) -> Stage:
    """Where the step leads. Raises Rejected for a pair the ladder does not have.

    Whoever never had an agreement is reopened as what they were, an interested person.
    """
    following = NEXT.get((ladder.stage, step))
    if following is None:
        raise _refusal(ladder.stage, step)
    if step is Step.CASE_REOPENED and not ladder.was_client:
        return Stage.INTERESTED
    return following


def _refusal(stage: Stage, step: Step) -> Rejected:
    if step is Step.CASE_REOPENED:
        return Rejected("not_closed", "The case is not closed. Nothing was recorded. Go on with it.")
    if stage is Stage.CLOSED:
        return Rejected("case_closed", "The case is closed. Nothing was recorded. Ask a team leader to reopen it.")
    if step in (Step.INTEREST_EXPRESSED, Step.INTEREST_LOST) and stage in _CLIENTS:
        return Rejected(
            "already_client",
            "There is an agreement already. Nothing was recorded. Go on with the agreement, or close the case.",
        )
    if step is Step.INTEREST_LOST:
        return Rejected("not_interested", "No interest was expressed so far. Nothing was recorded. Leave it as it is.")
    if stage is Stage.CLIENT_WITH_PLAN:
        return Rejected("plan_open", "A plan is still open. Nothing was recorded. Close the plan, then the case.")
    return Rejected("no_agreement", "There is no agreement. Nothing was recorded. Conclude one first.")
