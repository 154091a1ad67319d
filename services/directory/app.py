"""The whole wiring of `directory` on one page."""

from pathlib import Path

from libs.service import Service, Settings, named_queries, run
from services.directory.card.decider import CARD
from services.directory.card.projection import (
    CARD_LIST,
    CONFIDENTIAL_ADDRESS,
    ENTRY_VERIFIED,
    FREE_PLACES,
    OFFERED_SERVICE,
)
from services.directory.guidance.decider import GUIDANCE
from services.directory.guidance.projection import GUIDANCE_LIST, GUIDANCE_VERIFIED
from services.directory.policy import may
from services.directory.published import PUBLISHED

HERE = Path(__file__).parent


def build(settings: Settings) -> Service:
    return Service(
        name="directory",
        settings=settings,
        published=PUBLISHED,
        deciders=(CARD, GUIDANCE),
        policy=may,
        sql=named_queries(HERE / "card/queries.sql", HERE / "guidance/queries.sql"),
        migrations=HERE / "migrations",
        projections=(
            CARD_LIST,
            OFFERED_SERVICE,
            ENTRY_VERIFIED,
            FREE_PLACES,
            CONFIDENTIAL_ADDRESS,
            GUIDANCE_LIST,
            GUIDANCE_VERIFIED,
        ),
    )


if __name__ == "__main__":
    run(build)
