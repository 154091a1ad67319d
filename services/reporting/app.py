"""The whole wiring of `reporting` on one page."""

from pathlib import Path

from libs.service import Service, Settings, named_queries, run
from services.reporting.figures.cases import AGREEMENT_FACT, REFERRAL_FACT
from services.reporting.figures.contacts import CONTACT_FACT, FAMILY_FACT, PERSON_LINK
from services.reporting.policy import may
from services.reporting.project.decider import PROJECT
from services.reporting.project.projection import PROJECT_FIGURE, PROJECT_GROUP, PROJECT_LIST
from services.reporting.published import PUBLISHED

HERE = Path(__file__).parent


def build(settings: Settings) -> Service:
    return Service(
        name="reporting",
        settings=settings,
        published=PUBLISHED,
        deciders=(PROJECT,),
        policy=may,
        sql=named_queries(HERE / "project/queries.sql", HERE / "figures/queries.sql"),
        migrations=HERE / "migrations",
        projections=(PROJECT_LIST, PROJECT_GROUP, PROJECT_FIGURE),
        follows={
            "contacts": (CONTACT_FACT, FAMILY_FACT, PERSON_LINK),
            "cases": (REFERRAL_FACT, AGREEMENT_FACT),
        },
    )


if __name__ == "__main__":
    run(build)
