"""The portal of a whole node: every service's commands and questions, and nothing that is the portal's to fill in."""

from fastapi.openapi.models import OpenAPI

from libs.eventlog import kebab
from libs.messaging import Bus
from services.portal.api import make_api
from services.portal.app import PUBLISHED
from services.portal.models import OURS
from services.portal.sign_in import SignIn


class Nobody(SignIn):
    def __init__(self) -> None: ...


class NoBus(Bus):
    def __init__(self) -> None: ...


def test_the_document_of_a_node_names_every_command_and_question():
    document = make_api("node", PUBLISHED, NoBus(), NoBus(), Nobody()).openapi()
    OpenAPI.model_validate(document)
    for published in PUBLISHED:
        for aggregate, commands in published.commands.items():
            for command in commands:
                assert f"/api/v1/{published.service}/{aggregate}/{kebab(command.__name__)}" in document["paths"]
        for name in published.queries:
            assert f"/api/v1/{published.service}/{name.replace('_', '-')}" in document["paths"]
    for schema in document["components"]["schemas"].values():
        assert not OURS & schema.get("properties", {}).keys()


def test_every_service_of_the_node_is_asked_for_its_health_once():
    names = [published.service for published in PUBLISHED]
    assert sorted(names) == ["cases", "contacts", "courier", "directory", "identity", "reporting"]
