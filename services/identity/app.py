"""The whole wiring of `identity` on one page."""

from pathlib import Path

from libs.service import Service, Settings, named_queries, run
from services.identity.membership.decider import MEMBERSHIP
from services.identity.membership.projection import ORGANISATION_LIST
from services.identity.policy import may
from services.identity.published import PUBLISHED
from services.identity.sign_in.door import ANSWERS, sweep_hourly
from services.identity.user.decider import USER
from services.identity.user.projection import USER_LIST

HERE = Path(__file__).parent


def build(settings: Settings) -> Service:
    return Service(
        name="identity",
        settings=settings,
        published=PUBLISHED,
        deciders=(USER, MEMBERSHIP),
        policy=may,
        sql=named_queries(HERE / "user/queries.sql", HERE / "membership/queries.sql", HERE / "sign_in/queries.sql"),
        migrations=HERE / "migrations",
        projections=(USER_LIST, ORGANISATION_LIST),
        answers=ANSWERS,
        extra=(sweep_hourly,),
    )


if __name__ == "__main__":
    run(build)
