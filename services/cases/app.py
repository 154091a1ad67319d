"""`cases`, put together. It decides nothing."""

from pathlib import Path

from libs.projection import classes_of
from libs.service import Service, Settings, named_queries, on, run
from services.cases.policy import may
from services.cases.published import PUBLISHED
from services.cases.reactions import acknowledge_referral, disclose_identity
from services.cases.referral.decider import REFERRAL
from services.cases.referral.events import ProgressEntry, RequestEntry
from services.cases.referral.projection import REFERRAL_LIST, REFERRAL_TASK

HERE = Path(__file__).parent


def build(settings: Settings) -> Service:
    return Service(
        name="cases",
        settings=settings,
        published=PUBLISHED,
        deciders=(REFERRAL,),
        policy=may,
        sql=named_queries(HERE / "referral/queries.sql"),
        migrations=HERE / "migrations",
        projections=(REFERRAL_LIST, REFERRAL_TASK),
        follows={},
        reactions=(
            *(on("cases", told, acknowledge_referral) for told in classes_of(RequestEntry)),
            *(on("cases", told, disclose_identity) for told in classes_of(ProgressEntry)),
        ),
    )


if __name__ == "__main__":
    run(build)
