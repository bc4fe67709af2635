"""Downloading a brochure: what browsers are told, and that strangers learn and reach nothing else."""

from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest
from httpx import ASGITransport, AsyncClient
from structlog.testing import capture_logs

from services.notify.domain.brochure_links import BrochureLink, BrochureLinks
from services.notify.entrypoints.public_pages import MOST, serve_pages
from services.notify.usecases.fetch_brochure import FetchBrochure
from shared.web.own_site import OwnSite
from shared.web.without_pages import app_without_pages
from tests.services.notify.builders import PRODUCT, Clock, a_brochure
from tests.services.notify.fakes import InMemoryBrochures

pytestmark = pytest.mark.anyio

SITE = "https://form.agency.example"
LINKS = BrochureLinks(SITE, {"notify-1": bytes(32)})
BROCHURE = a_brochure(b"%PDF-1.7 " + bytes(range(256)) * 400, title="2027年度 パンフレット(グループ用)")
LINK = LINKS.url(BrochureLink("cyber-security", BROCHURE.version, date(2026, 12, 25)))
HALF = len(BROCHURE.pdf.content) // 2


class Downloads:
    """notify's pages over memory, as a browser at *ip* reaches them."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.brochures = Clock(), InMemoryBrochures(folder)
        self.app = app_without_pages("notify", lambda _app: None)  # type: ignore[arg-type, return-value]  # never started
        agencies = {"cyber-security": PRODUCT.agency}
        serve_pages(self.app, OwnSite.at(SITE), agencies, self.clock)
        self.app.state.fetch_brochure = FetchBrochure(links=LINKS, brochures=self.brochures, now=self.clock)

    def browser(self, ip: str = "203.0.113.9") -> AsyncClient:
        transport = ASGITransport(self.app, client=(ip, 1), raise_app_exceptions=False)
        return AsyncClient(transport=transport, base_url=SITE)


@pytest.fixture
async def downloads(tmp_path: Path) -> Downloads:
    downloads = Downloads(tmp_path)
    await downloads.brochures.add("cyber-security", BROCHURE)
    return downloads


async def test_a_link_gives_the_brochure_under_its_japanese_name(downloads: Downloads) -> None:
    async with downloads.browser() as browser:
        reply = await browser.get(LINK)

    assert (reply.status_code, reply.content) == (200, BROCHURE.pdf.content)
    assert reply.headers["content-type"] == "application/pdf"
    assert reply.headers["content-length"] == str(len(BROCHURE.pdf.content))
    kind, plain, shown = reply.headers["content-disposition"].split("; ")
    assert (kind, plain) == ("attachment", 'filename="guide.pdf"')
    assert unquote(shown.removeprefix("filename*=UTF-8''")) == "2027年度 パンフレット(グループ用).pdf"


async def test_every_answer_is_for_this_reader_alone_and_loads_nothing(downloads: Downloads) -> None:
    async with downloads.browser() as browser:
        replies = [await browser.get(url) for url in (LINK, f"{LINK}0", "/", "/live", "/metrics")]

    assert [reply.status_code for reply in replies] == [200, 404, 404, 404, 404]
    for reply in replies:
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert reply.headers["x-robots-tag"] == "noindex"
        assert reply.headers["strict-transport-security"]
        assert reply.headers["content-security-policy"].startswith("default-src 'none'")


async def test_a_download_that_broke_off_goes_on_where_it_was(downloads: Downloads) -> None:
    async with downloads.browser() as browser:
        head = await browser.head(LINK)
        rest = await browser.get(LINK, headers={"Range": f"bytes={HALF}-"})
        beyond = await browser.get(LINK, headers={"Range": "bytes=9999999-"})

    assert (head.status_code, head.headers["content-length"]) == (200, str(len(BROCHURE.pdf.content)))
    assert (head.content, head.headers["accept-ranges"]) == (b"", "bytes")
    assert (rest.status_code, rest.content) == (206, BROCHURE.pdf.content[HALF:])
    assert beyond.status_code == 416


async def test_a_link_that_is_over_says_whom_to_call(downloads: Downloads) -> None:
    downloads.clock.advance(days=33)

    async with downloads.browser() as browser:
        reply = await browser.get(LINK)

    assert reply.status_code == 410
    for words in ("期限が過ぎています", "あらためてご請求", PRODUCT.agency.phone, PRODUCT.agency.name):
        assert words in reply.text


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(LINK.removeprefix(SITE).replace("cyber-security", "other"), id="another product"),
        pytest.param(f"/brochures/cyber-security/20261225/{'0' * 20}/{'0' * 20}", id="a brochure that never was"),
        pytest.param("/brochures/cyber-security/20261225/", id="half a link"),
        pytest.param("/brochures/", id="the folder"),
        pytest.param("/brochures/..%2f..%2f..%2fetc%2fpasswd", id="a path out of the folder"),
        pytest.param("/brochures/%00", id="a zero byte"),
        pytest.param("/brochures/%e2%80%ae%f0%9f%92%a9", id="no ASCII"),
        pytest.param(f"/brochures/{'a' * 8_000}", id="much"),
    ],
)
async def test_whatever_is_no_link_of_ours_has_one_and_the_same_page(downloads: Downloads, path: str) -> None:
    """Nobody learns by trying which products, brochures or links there are."""
    async with downloads.browser() as browser:
        reply, other = await browser.get(path), await browser.get("/brochures/0")

    assert (reply.status_code, reply.text) == (404, other.text)
    assert "メールに記載のURLをご確認" in reply.text
    assert dict(reply.headers) == dict(other.headers)


async def test_one_place_fetches_no_more_than_it_needs_and_others_go_on(downloads: Downloads) -> None:
    async with downloads.browser() as browser, downloads.browser("198.51.100.7") as other:
        codes = [(await browser.get("/brochures/0")).status_code for _ in range(MOST)]
        refused, elsewhere = await browser.get(LINK), await other.get(LINK)
        downloads.clock.advance(seconds=60)
        later = await browser.get(LINK)

    assert set(codes) == {404}
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert "しばらくしてから" in refused.text
    assert (elsewhere.status_code, later.status_code) == (200, 200)


async def test_while_the_ledger_is_away_the_page_asks_to_come_back(downloads: Downloads) -> None:
    downloads.brochures.is_away = True

    async with downloads.browser() as browser:
        reply = await browser.get(LINK)

    assert (reply.status_code, reply.headers["retry-after"]) == (503, "5")
    assert "しばらくしてから" in reply.text


async def test_nothing_can_be_sent_here_and_no_other_name_leads_here(downloads: Downloads) -> None:
    async with downloads.browser() as browser:
        posted = await browser.post(LINK, content=b"a" * 10)
        long = await browser.post(LINK, content=b"a" * 100_000)
        elsewhere = await browser.get(LINK, headers={"Host": "evil.example"})

    assert [reply.status_code for reply in (posted, long, elsewhere)] == [405, 413, 400]


async def test_no_link_is_logged(downloads: Downloads) -> None:
    """Whoever reads the log could download what a customer was sent."""
    async with downloads.browser() as browser:
        with capture_logs() as lines:
            await browser.get(LINK)
            await browser.get(f"{LINK}?q=1")
            await browser.get(f"{LINK}0")

    assert [line["path"] for line in lines] == ["/brochures/{path:path}"] * 3
    assert BROCHURE.version not in str(lines)
