"""Every site answers under its own names only, and believes a page's origin only when it is its own."""

from dataclasses import replace

import pytest
from httpx import ASGITransport, AsyncClient

from services.intake.app import create_web_app
from shared.web.own_site import OwnSite
from tests.security.fakes import FORM, SITES, visitor
from tests.services.dashboard.fakes import ORIGIN
from tests.services.intake.browser import no_lifespan
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio

FOREIGN = [
    pytest.param("rebind.evil.example", id="a name that somebody lets lead to this machine"),
    pytest.param("form.example.jp.evil.example", id="a name that begins like ours"),
    pytest.param("evil-form.example.jp", id="a name that ends like ours"),
    pytest.param("evil.example:8080", id="with a port"),
    pytest.param("127.0.0.1.evil.example", id="an address that is none"),
    pytest.param("evil.example@127.0.0.1", id="ours after a user"),
    pytest.param("127.0.0.1:80@evil.example", id="ours before a host"),
    pytest.param("127.0.0.1, evil.example", id="two in one header"),
    pytest.param("127.0.0.1/evil.example", id="with a path"),
    pytest.param("127.1", id="another way to write an address"),
    pytest.param("[::ffff:127.0.0.1]", id="and one more"),
    pytest.param("ｌｏｃａｌｈｏｓｔ".encode().decode("latin-1"), id="wide letters"),
    pytest.param("", id="none"),
]


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("host", FOREIGN)
async def test_a_request_for_another_name_is_refused(site: str, host: str) -> None:
    """The mailbox has no log-in: a page of a stranger, whose name leads here, could read every mail of a developer."""
    async with visitor(site) as client:
        reply = await client.get(SITES[site][2], headers=[(b"Host", host.encode("latin-1"))])

    assert reply.status_code == 400
    assert "location" not in reply.headers
    assert "evil" not in reply.text


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "localhost:8080", "LOCALHOST", "[::1]:8080"])
async def test_probes_and_developers_reach_it_under_this_machines_names(site: str, host: str) -> None:
    async with visitor(site) as client:
        reply = await client.head("/robots.txt", headers={"Host": host})

    assert reply.status_code == 200


@pytest.mark.parametrize("site", SITES)
async def test_a_request_that_names_two_hosts_is_refused(site: str) -> None:
    """A proxy may believe the first, and we the second."""
    ours = SITES[site][1].partition("://")[2].encode()
    async with visitor(site) as client:
        reply = await client.get(SITES[site][2], headers=[(b"Host", ours), (b"Host", b"evil.example")])

    assert reply.status_code == 400


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize(
    "path", ["/cyber-security", "/login/", "/mails", "/cases/", "/nowhere", "/nowhere/", "//evil.example/"]
)
async def test_no_redirect_leads_to_another_host(site: str, path: str) -> None:
    """`GET /cyber-security` was once answered with `Location: http://<whatever the request named>/cyber-security/`."""
    async with visitor(site) as client:
        reply = await client.get(SITES[site][1] + path)

    location = reply.headers.get("location", "/")
    assert location.startswith("/")
    assert not location.startswith("//")


async def test_the_start_page_is_found_without_its_last_slash() -> None:
    async with visitor("form") as client:
        reply = await client.get("/cyber-security?d2_01=yes")

    assert (reply.status_code, reply.headers["location"]) == (307, "/cyber-security/?d2_01=yes")


@pytest.mark.parametrize(
    ("url", "origin", "is_ours"),
    [
        pytest.param(FORM, FORM, True, id="where the form is"),
        pytest.param(FORM, "https://form.example.jp", False, id="with another scheme"),
        pytest.param(FORM, "http://form.example.jp:8443", False, id="with another port"),
        pytest.param(FORM, "http://127.0.0.1", False, id="this machine, for a form that is elsewhere"),
        pytest.param("http://127.0.0.1:8080", "http://localhost:8080", True, id="make run, opened by name"),
        pytest.param("http://localhost:8080", "http://127.0.0.1:8080", True, id="make run, opened by address"),
        pytest.param("http://localhost:8080", "http://[::1]:8080", True, id="make run, opened by its newer address"),
        pytest.param("http://localhost:8080", "http://localhost:8081", False, id="another service of this machine"),
        pytest.param(
            "https://form.example.jp:443/", "https://form.example.jp", True, id="a port that goes without saying"
        ),
        pytest.param("https://Form.Example.JP", "https://form.example.jp", True, id="capitals"),
        pytest.param("https://保険.jp", "https://xn--ruq843o.jp", True, id="a Japanese name"),
    ],
)
async def test_the_origin_of_a_post_is_compared_with_our_own_address(url: str, origin: str, is_ours: bool) -> None:  # noqa: FBT001  # a column of the table
    """It was once compared with the request's `Host`, which a stranger's page chooses by its own name."""
    assert (origin in OwnSite.at(url).origins) == is_ours


@pytest.mark.parametrize("path", ["/cyber-security/start", "/cyber-security/submit"])
@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost:8080"])
async def test_make_run_works_under_both_of_its_addresses(url: str, path: str) -> None:
    """A browser without `Sec-Fetch-Site` (Safari before 16.4) is told apart by its `Origin` only."""
    app = create_web_app(no_lifespan, public_url="http://127.0.0.1:8080")
    dependencies = Scene(public_url="http://127.0.0.1:8080").dependencies
    app.state.dependencies = replace(dependencies, allowed_origins=OwnSite.at("http://127.0.0.1:8080").origins)
    async with AsyncClient(transport=ASGITransport(app), base_url=url) as client:
        reply = await client.post(path, data={"a": "b"}, headers={"Origin": url})
        refused = await client.post(path, data={"a": "b"}, headers={"Origin": "http://evil.example"})

    assert reply.status_code in {303, 422}
    assert refused.status_code == 403


async def test_a_further_name_is_allowed_by_the_setting() -> None:
    site = OwnSite.at("https://form.example.jp", {"form.internal"})

    assert {"form.example.jp", "form.internal"} <= site.hosts
    assert site.origins == {"https://form.example.jp", "https://form.internal"}


async def test_the_dashboard_is_its_own_site() -> None:
    assert OwnSite.at(ORIGIN).origins == {ORIGIN}
