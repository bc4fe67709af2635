"""What keeps every answer from misuse, and every post from another site."""

import httpx
import pytest

from services.intake.entrypoints.web.html import asset
from tests.services.intake.browser import FORM, browser, fill
from tests.services.intake.builders import brochure_only
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "path",
    ["start", "contact", "confirm", "forget", "save", "resume/nobody", "ask/policy", "help/nobody"],
)
async def test_no_other_site_can_make_a_browser_post(client: httpx.AsyncClient, path: str) -> None:
    """The cookie goes along with a click on a link, so that it alone proves nothing."""
    await fill(client, brochure_only())

    reply = await client.post(f"{FORM}{path}", headers={"Sec-Fetch-Site": "cross-site"})

    assert reply.status_code == 403


async def test_over_https_browsers_must_stay_there(scene: Scene) -> None:
    scene.public_url = "https://intake.test"
    async with browser(scene) as client:
        reply = await client.get("/")

    assert int(reply.headers["Strict-Transport-Security"].removeprefix("max-age=")) >= 31_536_000


@pytest.mark.parametrize("path", [FORM, "/static/form.css", "/api/v1/requests/nobody", "/nowhere/at/all"])
async def test_every_answer_has_the_headers_that_keep_it_from_misuse(client: httpx.AsyncClient, path: str) -> None:
    reply = await client.get(path)

    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert "unsafe" not in reply.headers["Content-Security-Policy"]
    assert reply.headers["Referrer-Policy"] == "same-origin"
    assert reply.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert reply.headers["Cache-Control"] == "no-store"


async def test_files_are_kept_by_browsers_until_they_change(client: httpx.AsyncClient) -> None:
    reply = await client.get(asset("form.css"))

    assert "immutable" in reply.headers["Cache-Control"]
