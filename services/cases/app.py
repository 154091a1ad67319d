"""`cases`, put together. It decides nothing."""

from pathlib import Path

from libs.projection import classes_of
from libs.service import Service, Settings, forgets, named_queries, on, run
from services.cases.agreement.decider import AGREEMENT
from services.cases.agreement.projection import AGREEMENT_LIST
from services.cases.conference.decider import CONFERENCE
from services.cases.conference.projection import CONFERENCE_PROJECTIONS
from services.cases.plan.decider import PLAN
from services.cases.plan.projection import PLAN_GOAL, PLAN_LIST, PLAN_STEP
from services.cases.policy import may
from services.cases.published import PUBLISHED
from services.cases.reactions import acknowledge_referral, disclose_identity
from services.cases.referral.decider import REFERRAL
from services.cases.referral.events import ProgressEntry, RequestEntry
from services.cases.referral.projection import REFERRAL_LIST, REFERRAL_TASK
from services.contacts.person.events import PersonForgotten

HERE = Path(__file__).parent


def build(settings: Settings) -> Service:
    return Service(
        name="cases",
        settings=settings,
        published=PUBLISHED,
        deciders=(AGREEMENT, PLAN, REFERRAL, CONFERENCE),
        policy=may,
        sql=named_queries(
            HERE / "agreement/queries.sql",
            HERE / "plan/queries.sql",
            HERE / "referral/queries.sql",
            HERE / "conference/queries.sql",
        ),
        migrations=HERE / "migrations",
        projections=(
            AGREEMENT_LIST,
            PLAN_LIST,
            PLAN_GOAL,
            PLAN_STEP,
            REFERRAL_LIST,
            REFERRAL_TASK,
            *CONFERENCE_PROJECTIONS,
        ),
        follows={},
        reactions=(
            *(on("cases", told, acknowledge_referral) for told in classes_of(RequestEntry)),
            *(on("cases", told, disclose_identity) for told in classes_of(ProgressEntry)),
            forgets("contacts", PersonForgotten, lambda event: event.person_id),
        ),
    )


if __name__ == "__main__":
    run(build)
