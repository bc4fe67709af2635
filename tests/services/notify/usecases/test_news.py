"""Whoever wants news learns in the receipt where they are stopped; who has stopped them stays stopped."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.notify.domain.dead_address import AddressHashes
from services.notify.domain.news_links import NewsLinks
from services.notify.usecases.keep_news_choice import KeepNewsChoice
from services.notify.usecases.opt_out import FindNewsState, NewsState, OptOut
from shared.errors import Unavailable
from shared.events import AddressCorrected, Parcel, RequestReceived
from tests.services.notify.builders import NOON, REQUEST_ID, a_request, an_offer
from tests.services.notify.fakes import MAILBOXES, NEWS_LINKS, InMemoryNewsChoices, Writing

pytestmark = pytest.mark.anyio

ADDRESS = "yoshida@customer.example"
FOLDER = f"{NEWS_LINKS.address}/news/"
TOKEN = NEWS_LINKS.url(ADDRESS).removeprefix(FOLDER)
PRODUCT = "cyber-security"


class Mailbox:
    """A person who sends requests, and reads what comes back; notify keeps all it is told over memory."""

    def __init__(self, folder: Path) -> None:
        self.writing = Writing(folder, news_links=NEWS_LINKS)
        self.find = FindNewsState(links=NEWS_LINKS, choices=self.writing.news)
        self.opt_out = OptOut(find=self.find, now=self.writing.clock)

    def request(self, news: str = "yes", request_id: str = REQUEST_ID) -> RequestReceived:
        """Sent now."""
        parcel = self.writing.keys.parcel(news=news)
        return a_request(parcel=parcel, accepted_at=self.writing.clock(), request_id=request_id)

    async def send(self, request: RequestReceived) -> None:
        """As the consumer does it."""
        await self.writing.keep_news_choice(request)
        await self.writing.write(request)

    async def has_opted_out(self) -> bool:
        state = await self.find(TOKEN)
        assert state is not None
        return state.has_opted_out


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path)


async def test_the_receipt_says_that_news_are_wanted_and_where_they_are_stopped(mailbox: Mailbox) -> None:
    await mailbox.send(mailbox.request())

    text = mailbox.writing.text("receipt")
    html = mailbox.writing.mail("receipt").get_body(("html",))
    assert "ご案内メールをご希望と承りました" in text
    assert f"　{FOLDER}{TOKEN}" in text.splitlines()
    assert html is not None
    assert f'<a href="{FOLDER}{TOKEN}"' in html.get_content()


@pytest.mark.parametrize("news", ["no", ""])
async def test_whoever_wants_no_news_is_told_nothing_of_them(mailbox: Mailbox, news: str) -> None:
    await mailbox.send(mailbox.request(news))

    assert "ご案内メール" not in mailbox.writing.text("receipt")


async def test_where_notify_has_no_page_the_receipt_names_the_desk(tmp_path: Path) -> None:
    writing = Writing(tmp_path)

    await writing.receive(a_request(parcel=writing.keys.parcel(news="yes")))

    assert "ご案内メールの停止は、下記の窓口でいつでも承ります" in writing.text("receipt")
    assert FOLDER not in writing.text("receipt")


async def test_the_quote_says_nothing_of_news(mailbox: Mailbox) -> None:
    """It answers what was asked for, and no letter of ours is an advertisement."""
    await mailbox.send(mailbox.request())

    await mailbox.writing.receive(an_offer())

    assert "ご案内メール" not in mailbox.writing.text("quote")


async def test_an_address_that_staff_registered_later_has_asked_for_nothing(mailbox: Mailbox) -> None:
    sealed = mailbox.writing.keys.sealer.seal("notify", {"email": "other@customer.example"})
    await mailbox.send(mailbox.request())

    await mailbox.writing.receive(
        AddressCorrected(
            request_id=REQUEST_ID,
            decision_id="d-1",
            decided_at=NOON + timedelta(hours=1),
            decided_by="desk",
            parcels={"notify": sealed},
        )
    )

    first, again = mailbox.writing.texts("receipt")
    assert "ご案内メール" in first
    assert "ご案内メール" not in again
    assert not await mailbox.writing.news.of(MAILBOXES.newest("other@customer.example"))


async def test_an_opt_in_is_kept_as_the_law_asks_when_for_which_request_and_in_which_words(mailbox: Mailbox) -> None:
    request = mailbox.request()

    await mailbox.send(request)

    [kept] = await mailbox.writing.news.of(MAILBOXES.newest(ADDRESS))
    assert (kept.is_wanted, kept.at, kept.how) == (True, request.accepted_at, "form")
    assert (kept.request_id, kept.product, kept.form_version) == (REQUEST_ID, PRODUCT, request.form_version)


async def test_one_click_stops_the_news_and_a_second_changes_nothing(mailbox: Mailbox) -> None:
    await mailbox.send(mailbox.request())

    before = await mailbox.find(TOKEN)
    states = [await mailbox.opt_out(TOKEN) for _ in range(2)]

    assert before == NewsState(has_opted_out=False, product=PRODUCT)
    assert states == [NewsState(has_opted_out=True, product=PRODUCT)] * 2
    ended = [one for one in mailbox.writing.news.kept.values() if one.request_id and not one.is_wanted]
    assert [(one.request_id, one.at, one.how) for one in ended] == [(REQUEST_ID, NOON, "link")]


async def test_a_request_that_is_read_again_after_an_opt_out_does_not_bring_the_news_back(mailbox: Mailbox) -> None:
    """Topics are read again after a restart, and published again when they were lost."""
    request = mailbox.request()
    await mailbox.send(request)
    mailbox.writing.clock.advance(hours=1)
    await mailbox.opt_out(TOKEN)

    await mailbox.send(request)

    assert await mailbox.has_opted_out()


async def test_a_request_of_before_the_opt_out_that_is_read_late_does_not_either(mailbox: Mailbox) -> None:
    await mailbox.send(mailbox.request())
    late = mailbox.request(request_id="late")
    mailbox.writing.clock.advance(hours=1)
    await mailbox.opt_out(TOKEN)

    await mailbox.send(late)

    assert await mailbox.has_opted_out()


async def test_nor_does_one_whose_opt_in_was_never_kept_here(mailbox: Mailbox) -> None:
    """The ledger was restored from a copy of the day before: what the link says must hold all the same."""
    request = mailbox.request()
    mailbox.writing.clock.advance(hours=1)

    state = await mailbox.opt_out(TOKEN)
    await mailbox.send(request)

    assert state == NewsState(has_opted_out=True)
    assert await mailbox.has_opted_out()


async def test_whoever_asks_for_news_again_gets_them_again_and_can_stop_them_by_the_same_link(mailbox: Mailbox) -> None:
    await mailbox.send(mailbox.request())
    await mailbox.opt_out(TOKEN)
    mailbox.writing.clock.advance(hours=1)

    await mailbox.send(mailbox.request(request_id="second"))
    wants_again = not await mailbox.has_opted_out()
    mailbox.writing.clock.advance(hours=1)
    await mailbox.opt_out(TOKEN)

    assert wants_again
    assert await mailbox.has_opted_out()


async def test_a_no_on_a_later_form_stops_the_news_too_and_no_answer_does_not(mailbox: Mailbox) -> None:
    await mailbox.send(mailbox.request())
    for number, news in enumerate(("", "no")):
        mailbox.writing.clock.advance(hours=1)
        await mailbox.send(mailbox.request(news, request_id=f"later-{number}"))
        assert await mailbox.has_opted_out() == (news == "no")


async def test_a_link_of_before_a_change_of_keys_ends_also_what_was_asked_for_after_it(mailbox: Mailbox) -> None:
    await mailbox.send(mailbox.request())
    keys = {"notify-1": MAILBOXES.keys["notify-1"], "notify-2": b"n" * 32}
    links = NewsLinks(NEWS_LINKS.address, AddressHashes(keys), keys)
    writing = mailbox.writing
    keep = KeepNewsChoice(parcels=writing.keys.opener, mailboxes=links.mailboxes, choices=writing.news)
    await keep(mailbox.request(request_id="after"))

    await mailbox.opt_out(TOKEN)

    find = FindNewsState(links=links, choices=writing.news)
    assert await find(links.url(ADDRESS).removeprefix(FOLDER)) == NewsState(has_opted_out=True, product=PRODUCT)


async def test_nobody_is_asked_about_a_link_that_we_have_not_made() -> None:
    """Else whoever tries addresses would ask the database for each of them."""
    find = FindNewsState(links=NEWS_LINKS, choices=InMemoryNewsChoices(is_away=True))

    assert await find("0" * 52) is None
    assert await OptOut(find=find, now=lambda: NOON)("0" * 52) is None


async def test_while_the_ledger_is_away_nothing_is_said_to_be_stopped(mailbox: Mailbox) -> None:
    mailbox.writing.news.is_away = True

    with pytest.raises(Unavailable):
        await mailbox.opt_out(TOKEN)


@pytest.mark.parametrize(
    "parcels",
    [
        pytest.param({}, id="none for notify"),
        pytest.param({"notify": Parcel(key="notify-1", box="eA==")}, id="a broken one"),
        pytest.param({"notify": Parcel(key="notify-9", box="eA==")}, id="one whose key is on its way"),
    ],
)
async def test_of_a_request_that_nobody_can_read_nothing_is_kept_and_its_letters_say_why(
    mailbox: Mailbox, parcels: dict[str, Parcel]
) -> None:
    await mailbox.writing.keep_news_choice(a_request(parcels=parcels))

    assert mailbox.writing.news.kept == {}
