"""What all pages of a node share: whom to ask, what is said how, where names come from. Made once, at the start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment
from starlette.requests import Request

from libs.eventlog import Command
from libs.messaging import Bus, Published, Query
from libs.service.settings import Organisation
from services.portal.web.assets import Assets
from services.portal.web.finder import Finder
from services.portal.web.kept import Kept
from services.portal.web.language import Language, Name, chosen
from services.portal.web.look import Looks
from services.portal.web.names import Names
from services.portal.web.session import Sessions


@dataclass(frozen=True)
class Site:
    """questions, aggregates: where a question or a command goes, by its class. environments: templates by language."""

    organisation: Organisation
    bus: Bus
    sessions: Sessions
    kept: Kept
    names: Names
    finder: Finder
    assets: Assets
    looks: Looks
    languages: Mapping[str, Language]
    environments: Mapping[str, Environment]
    questions: Mapping[type[Query], tuple[str, str]]
    aggregates: Mapping[type[Command], tuple[str, str]]
    services: Sequence[str]

    @property
    def is_demonstration(self) -> bool:
        """Whether all people here are fictional; every page then says so."""
        return self.sessions.demonstration

    def language_of(self, request: Request) -> Name:
        """By the cookie, else by what the browser asks for, else Czech."""
        return chosen(request.cookies.get("lang"), request.headers.get("accept-language"))

    def render(self, language: str, template: str, **content: Any) -> str:
        return self.environments[language].get_template(template).render(site=self, language=language, **content)


def questions_of(published: Sequence[Published]) -> dict[type[Query], tuple[str, str]]:
    """Question class → (service, name)."""
    return {question: (one.service, name) for one in published for name, (question, _) in one.queries.items()}


def aggregates_of(published: Sequence[Published]) -> dict[type[Command], tuple[str, str]]:
    """Command class → (service, aggregate)."""
    return {
        command: (one.service, aggregate)
        for one in published
        for aggregate, commands in one.commands.items()
        for command in commands
    }
