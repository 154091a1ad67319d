"""Who is let in: by an invitation, as the first person of a node, and into a demonstration."""

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from deploy.commands.user import invite
from libs.privacy import Personal
from libs.service import SettingsMistake
from services.identity.sign_in import enrolling
from services.identity.sign_in.desk import Desk
from services.identity.sign_in.messages import LetInDemonstration
from tests.integration.entrance import ORIGIN, PASSWORD, Entrance, entrance_of, secret_of, settings_for_entrance
from tests.integration.sign_in_pages.desk import MINE

if TYPE_CHECKING:
    from libs.service import Settings
    from libs.testing.servers import PostgresServer, Servers

pytestmark = pytest.mark.asyncio(loop_scope="module")


# -- an invitation


async def test_an_invitation_ends_in_a_session_and_recovery_codes(node: Entrance):
    user, name, link = await node.invited()
    async with node.browser() as browser:
        done = await browser.enrol(link)
        assert (done.status_code, len(set(browser.codes))) == (200, 10)
        assert (await browser.http.get("/")).text == f"home of {user}"
        page = (await browser.http.get(MINE)).text
        assert name in page and "Firefox, Linux" in page
        assert (await browser.http.get("/pozvanka")).status_code == 404


async def test_a_link_stays_in_no_address_and_opening_it_uses_nothing_up(node: Entrance):
    _, _, link = await node.invited()
    async with node.browser() as preview, node.browser() as browser:
        for _ in range(2):
            assert (await preview.http.get(f"/pozvanka/{link}")).headers["location"] == "/pozvanka"
        page = await preview.http.get("/pozvanka")
        assert page.status_code == 200 and link not in page.text
        assert (await browser.enrol(link)).status_code == 200
        assert (await preview.http.get("/pozvanka")).status_code == 404


async def test_what_is_wrong_in_an_invitation_is_said_and_the_app_need_not_be_scanned_again(node: Entrance):
    _, _, link = await node.invited()
    async with node.browser() as browser:
        await browser.http.get(f"/pozvanka/{link}")
        page = await browser.http.get("/pozvanka")
        browser.secret = secret_of(page)
        page = await browser.send(page, "/pozvanka", password="heslo1234567", code=browser.code())
        assert (page.status_code, secret_of(page)) == (409, browser.secret)
        assert "heslo1234567" not in page.text
        page = await browser.send(page, "/pozvanka", password=PASSWORD, code="000000")
        assert (page.status_code, secret_of(page)) == (409, browser.secret)
        page = await browser.send(page, "/pozvanka", password=PASSWORD, code=browser.code())
        assert page.status_code == 200


# -- a demonstration


async def test_a_password_alone_opens_a_demonstration(
    servers: "Servers", postgres: "PostgresServer", tmp_path_factory: pytest.TempPathFactory
):
    with settings_for_entrance(servers, postgres, tmp_path_factory.mktemp("show"), demonstration=True) as settings:
        async with entrance_of(settings) as show, show.browser() as browser:
            user, name, _ = await show.invited()
            let_in = LetInDemonstration(
                actor=show.administrator, user_id=user, name=Personal(name), password=Personal(PASSWORD)
            )
            await enrolling.let_in_demonstration(Desk.of(show.service), let_in)
            page = await browser.http.get("/prihlaseni", params={"dal": MINE})
            assert "smyšlení" in page.text
            wrong = await browser.send(page, "/prihlaseni", name=name, password="zelený vlak 8 stojí")
            assert wrong.status_code == 401
            done = await browser.send(wrong, "/prihlaseni", name=name, password=PASSWORD)
            assert (done.status_code, done.headers["location"]) == (303, MINE)
            await show.service.pool.execute("update session set fresh_at = fresh_at - interval '20 minutes'")
            await asyncio.sleep(1.1)
            page = await browser.http.get("/prihlaseni/znovu", params={"dal": MINE})
            assert (await browser.send(page, "/prihlaseni/znovu", password=PASSWORD)).status_code == 303


# -- the first person of a node


async def test_the_operator_lets_the_first_person_in(
    settings: "Settings", node: Entrance, capsys: pytest.CaptureFixture[str]
):
    file = settings.folder / "node.toml"
    one, portal = settings.organisation, settings.portal
    assert portal is not None
    file.write_text(
        f'[organisation]\nid = "{one.id}"\ncode = "{one.code}"\nname = "{one.name}"\nkind = "{one.kind}"\n'
        f'[store]\nurl = "{settings.store.url}"\n[bus]\nurl = "{settings.bus.url}"\n[keys]\nfolder = "keys"\n'
        f'[portal]\nport = 8080\ntoken_file = "portal.token"\norigin = "{portal.origin}"\n'
    )

    async def told(login: str, *roles: str) -> tuple[int, str, str]:
        status = await asyncio.to_thread(invite, file, name="Vít Korbelář", login=login, roles=roles, team=None)
        out, error = capsys.readouterr()
        return status, out, error

    links = [(await told("Vit.K", "node_administrator"))[1].splitlines()[0] for _ in range(2)]
    assert links[0] != links[1] and links[0].startswith(f"{ORIGIN}/pozvanka/")
    async with node.browser() as browser:
        assert (await browser.http.get(urlsplit(links[0]).path)).status_code == 303
        assert (await browser.http.get("/pozvanka")).status_code == 404  # the later link voids the earlier
        await browser.enrol(urlsplit(links[1]).path.removeprefix("/pozvanka/"))
        assert (await browser.http.get("/")).status_code == 200
    status, out, error = await told("vit.k", "node_administrator")
    assert (status, out) == (1, "") and "can sign in already" in error
    with pytest.raises(SettingsMistake, match="There is no role boss"):
        await told("other", "boss")
