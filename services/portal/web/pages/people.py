"""What the pages about people share: who may do what, teams, a choice of somebody, a word for what is missing."""

from uuid import UUID

from libs.codelists import Role
from services.portal.web.form import Form, NotHere, Refused
from services.portal.web.page import Page
from services.portal.web.refusals import field_sentence, sentence

KEY_WORKERS = (Role.KEY_WORKER, Role.TEAM_LEADER)
CASE_CLOSERS = (Role.KEY_WORKER, Role.TEAM_LEADER, Role.MUNICIPAL_WORKER, Role.OSPOD_WORKER, Role.COUNSELLOR)
WORKERS = (Role.OUTREACH_WORKER, *CASE_CLOSERS)


def teams(page: Page) -> list[str]:
    """Teams of this organisation, by name. After `names.ready`."""
    return sorted({one.team for one in page.site.names.users() if one.team})


def lacking(page: Page, form: Form, *names: str) -> None:
    """Say beside these fields that they must be filled in. Nothing is sent."""
    language = page.site.languages[page.language]
    missing = field_sentence("missing", {}, language)
    form.refused = Refused(
        "invalid", "invalid", sentence("invalid", "invalid", language), dict.fromkeys(names, missing)
    )


def as_person(choice: str) -> UUID:
    """Whom a choice `person:<id>` means. Raises NotHere if it was tampered with."""
    try:
        return UUID(choice.removeprefix("person:"))
    except ValueError:
        raise NotHere from None
