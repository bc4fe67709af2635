"""The page about news: what people, mail programs (RFC 8058) and programs that scan mails get from it."""

import pytest
from httpx import ASGITransport, AsyncClient
from structlog.testing import capture_logs

from services.notify.entrypoints.public_pages import MOST, serve_pages
from services.notify.usecases.opt_out import FindNewsState, OptOut
from shared.web.own_site import OwnSite
from shared.web.without_pages import app_without_pages
from tests.services.notify.builders import PRODUCT, Clock, a_news_choice
from tests.services.notify.fakes import MAILBOXES, NEWS_LINKS, InMemoryNewsChoices

pytestmark = pytest.mark.anyio

SITE = NEWS_LINKS.address
ADDRESS = "yoshida@customer.example"
LINK = NEWS_LINKS.url(ADDRESS)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
"""What mail programs send (RFC 8058, 3.2)."""


class Pages:
    """notify's pages over memory; one customer has asked for news."""

    def __init__(self) -> None:
        self.clock, self.news = Clock(), InMemoryNewsChoices()
        opt_in = a_news_choice(mailboxes=MAILBOXES.all(ADDRESS))
        self.news.kept[opt_in.id] = opt_in
        self.app = app_without_pages("notify", lambda _app: None)  # type: ignore[arg-type, return-value]  # never started
        serve_pages(self.app, OwnSite.at(SITE), {"cyber-security": PRODUCT.agency}, self.clock)
        self.app.state.find_news = FindNewsState(links=NEWS_LINKS, choices=self.news)
        self.app.state.opt_out = OptOut(find=self.app.state.find_news, now=self.clock)

    def browser(self, ip: str = "203.0.113.9") -> AsyncClient:
        transport = ASGITransport(self.app, client=(ip, 1), raise_app_exceptions=False)
        return AsyncClient(transport=transport, base_url=SITE)

    @property
    def opt_outs(self) -> int:
        return sum(not choice.is_wanted for choice in self.news.kept.values())


@pytest.fixture
def pages() -> Pages:
    return Pages()


async def test_a_person_presses_one_button_and_is_told_that_it_is_done_and_how_to_get_news_again(pages: Pages) -> None:
    async with pages.browser() as browser:
        asks = await browser.get(LINK)
        done = await browser.post(LINK, data=ONE_CLICK)
        later = await browser.get(LINK)

    assert "<button>配信を停止する</button>" in asks.text
    assert PRODUCT.agency.name in asks.text
    assert (done.status_code, "ご案内メールを停止しました" in done.text) == (200, True)
    assert "ご案内メールを「希望する」とお選びください" in done.text
    assert ("ご案内メールは停止しています" in later.text, "<button>" in later.text) == (True, False)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_opening_the_link_changes_nothing(pages: Pages, method: str) -> None:
    """Programs that scan mails open every link in them."""
    async with pages.browser() as browser:
        reply = await browser.request(method, LINK)

    assert reply.status_code == 200
    assert pages.opt_outs == 0


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({"data": ONE_CLICK}, id="a form"),
        pytest.param({"files": {"List-Unsubscribe": (None, "One-Click")}}, id="a form in parts"),
        pytest.param({}, id="nothing: whoever posts means it"),
        pytest.param(
            {"data": ONE_CLICK, "headers": {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}},
            id="from the page of a mail provider",
        ),
    ],
)
async def test_one_click_of_a_mail_program_stops_the_news_without_cookie_or_redirect(
    pages: Pages, sent: dict[str, object]
) -> None:
    async with pages.browser() as browser:
        reply = await browser.post(LINK, **sent)  # type: ignore[arg-type]  # any way to send it

    assert (reply.status_code, pages.opt_outs) == (200, 1)
    assert not {"set-cookie", "location"} & set(reply.headers)


async def test_a_second_click_is_answered_like_the_first(pages: Pages) -> None:
    async with pages.browser() as browser:
        replies = [await browser.post(LINK, data=ONE_CLICK) for _ in range(2)]

    assert replies[0].text == replies[1].text


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(f"/news/{'0' * 52}", id="no tag of ours"),
        pytest.param(LINK.removeprefix(SITE)[:-1], id="half a link"),
        pytest.param(f"{LINK.removeprefix(SITE)}/", id="a slash more"),
        pytest.param("/news/", id="the folder"),
        pytest.param("/news/%00", id="a zero byte"),
        pytest.param(f"/news/{'a' * 8_000}", id="much"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_whatever_is_no_link_of_ours_has_one_and_the_same_page(pages: Pages, method: str, path: str) -> None:
    async with pages.browser() as browser:
        reply, other = await browser.request(method, path), await browser.get("/news/0")

    assert (reply.status_code, reply.text) == (404, other.text)
    assert "メールに記載のURLをご確認" in reply.text
    assert pages.opt_outs == 0


async def test_no_page_shows_whose_mailbox_it_is_about(pages: Pages) -> None:
    """A link may be passed on with its mail."""
    async with pages.browser() as browser:
        replies = [await browser.get(LINK), await browser.post(LINK), await browser.get(LINK)]

    assert not any(part in reply.text for reply in replies for part in ("yoshida", "customer.example"))


async def test_every_answer_is_for_this_reader_alone_and_its_button_leads_nowhere_else(pages: Pages) -> None:
    async with pages.browser() as browser:
        replies = [await browser.get(LINK), await browser.post(LINK), await browser.get(f"{LINK}0")]

    for reply in replies:
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert reply.headers["x-robots-tag"] == "noindex"
        assert "form-action 'self'" in reply.headers["content-security-policy"]


async def test_whoever_tries_links_is_slowed_down_and_clicks_from_the_same_place_get_through(pages: Pages) -> None:
    """A mail provider sends the clicks of many people from one place."""
    async with pages.browser() as browser:
        codes = [(await browser.post("/news/0")).status_code for _ in range(MOST + 1)]
        clicked = await browser.post(LINK, data=ONE_CLICK)

    assert (codes[-2], codes[-1]) == (404, 429)
    assert (clicked.status_code, pages.opt_outs) == (200, 1)


async def test_while_the_ledger_is_away_nobody_is_told_that_it_is_done(pages: Pages) -> None:
    pages.news.is_away = True

    async with pages.browser() as browser:
        replies = [await browser.get(LINK), await browser.post(LINK)]

    assert [(reply.status_code, reply.headers["retry-after"]) for reply in replies] == [(503, "5")] * 2
    assert "停止しました" not in replies[1].text


async def test_no_link_is_logged(pages: Pages) -> None:
    """Whoever reads the log could stop a customer's news."""
    async with pages.browser() as browser:
        with capture_logs() as lines:
            await browser.get(LINK)
            await browser.post(LINK)

    assert {line["path"] for line in lines if "path" in line} == {"/news/{token:path}"}
    assert LINK[-52:] not in str(lines)
    assert MAILBOXES.newest(ADDRESS) not in str(lines)
