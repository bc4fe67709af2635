"""HEAD, the two files that every site is asked for, and paths that lead nowhere."""

import re

import pytest

from tests.security.fakes import SITES, visitor

pytestmark = pytest.mark.anyio

PAGES = [
    *[pytest.param("form", path, id=path) for path in ("/", "/cyber-security/", "/cyber-security/contact")],
    *[pytest.param("form", path, id=path) for path in ("/cyber-security/questions.pdf", "/openapi.json")],
    *[pytest.param("form", path, id=path) for path in ("/api/v1/products/cyber-security/form", "/static/form.css")],
    *[pytest.param("form", path, id=path) for path in ("/nowhere", "/cyber-security/copy.pdf")],
    *[pytest.param("dashboard", path, id=f"dashboard {path}") for path in ("/login", "/", "/static/dashboard.css")],
    *[pytest.param("mailbox", path, id=f"mailbox {path}") for path in ("/", "/nowhere")],
    *[pytest.param(site, path, id=f"{site} {path}") for site in SITES for path in ("/favicon.ico", "/robots.txt")],
]


@pytest.mark.parametrize(("site", "path"), PAGES)
async def test_head_is_answered_wherever_get_is(site: str, path: str) -> None:
    """Link checkers and monitors ask so; they were once told 405, and called the form broken."""
    async with visitor(site) as client:
        got = await client.get(path)
        asked = await client.head(path)

    assert asked.status_code == got.status_code
    assert asked.content == b""
    assert asked.headers.get("content-type") == got.headers.get("content-type")


async def test_head_does_not_do_what_only_a_post_may() -> None:
    async with visitor("form") as client:
        begun = await client.head("/cyber-security/start")
        assert begun.status_code == 303
        assert "set-cookie" not in begun.headers
        assert (await client.head("/api/v1/requests")).status_code == 405


@pytest.mark.parametrize("site", SITES)
async def test_every_site_has_an_icon_and_rules_for_robots(site: str) -> None:
    async with visitor(site) as client:
        icon, robots = await client.get("/favicon.ico"), await client.get("/robots.txt")

    assert (icon.status_code, icon.headers["content-type"]) == (200, "image/svg+xml")
    assert (robots.status_code, robots.headers["content-type"]) == (200, "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    ("path", "may_be_found"),
    [
        ("/", True),
        ("/cyber-security/", True),
        ("/cyber-security/questions.pdf", True),
        ("/static/form.css", True),
        ("/cyber-security/contact", False),
        ("/cyber-security/confirm", False),
        ("/cyber-security/done/1", False),
        ("/cyber-security/resume/secret", False),
        ("/cyber-security/help/secret", False),
        ("/api/v1/requests/1", False),
    ],
)
async def test_search_engines_find_start_pages_and_no_step_of_the_form(path: str, may_be_found: bool) -> None:  # noqa: FBT001  # a column of the table
    async with visitor("form") as client:
        rules = (await client.get("/robots.txt")).text

    assert _allows(rules, path) == may_be_found


def _allows(rules: str, path: str) -> bool:
    """As RFC 9309 says: the longest rule that matches decides."""
    found: list[tuple[int, bool]] = []
    for kind, pattern in re.findall(r"^(Allow|Disallow): (\S+)$", rules, re.MULTILINE):
        expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\$", "$")
        if re.match(expression, path):
            found.append((len(pattern), kind == "Allow"))
    return max(found)[1]


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("path", ["/nowhere", "/nowhere/", "/nowhere/at/all", "/.env", "/wp-login.php", "/index.html"])
async def test_a_page_that_does_not_exist_is_not_found(site: str, path: str) -> None:
    """`/nowhere` was once redirected to `/nowhere/`."""
    async with visitor(site) as client:
        assert (await client.get(path)).status_code == 404


async def test_what_is_compressed_already_is_not_compressed_again() -> None:
    """8 ms of CPU for every 資料, and nothing won."""
    async with visitor("form") as client:
        paper = await client.get("/cyber-security/questions.pdf", headers={"Accept-Encoding": "gzip"})
        page = await client.get("/cyber-security/", headers={"Accept-Encoding": "gzip"})

    assert "content-encoding" not in paper.headers
    assert page.headers["content-encoding"] == "gzip"
