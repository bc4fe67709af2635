"""What the page's script spares people. Without it the form works as well, as the walks show."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route

from tests.form.customer import Customer
from tests.form.guide import Guide, go_button
from tests.form.site import Site
from tests.form.stops import BY_NAME, OUR_PDF, answer
from tests.judges.look import bring_paint, shifted

_NO_ANSWER = """() => {
  window.sent = 0;
  addEventListener("submit", (event) => {
    if (!event.defaultPrevented) window.sent += 1;
    event.preventDefault();
  });
}"""
"""What is sent goes nowhere, as when the network is away."""


@pytest.fixture
def guide(site: Site) -> Guide:
    """A visit of its own for each test: what is typed in one is not found in another."""
    return Guide(site)


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []


@pytest.mark.parametrize(
    ("typed", "read_back"),
    [
        ("350000", "＝ 3億5,000万円"),
        ("５００，０００", "＝ 5億円"),
        ("1234567", "＝ 12億3,456万7,000円"),
        ("1000000000", "＝ 1兆円"),
        ("0", "＝ 0円"),
        ("3.5億円", ""),
        ("", ""),
    ],
)
def test_a_turnover_is_read_back_while_it_is_typed(guide: Guide, page: Page, typed: str, read_back: str) -> None:
    guide.bring(page, BY_NAME["cover"])
    page.locator("[name=turnover]").fill("1")

    page.locator("[name=turnover]").fill(typed)

    assert page.locator("#turnover-echo").inner_text() == read_back


def test_none_of_them_stands_for_itself_alone(guide: Guide, page: Page) -> None:
    guide.bring(page, BY_NAME["operation"])
    boxes = page.locator("[name=d3_22]")
    none, others = boxes.and_(page.locator("[value=none]")), boxes.and_(page.locator(":not([value=none])"))

    others.nth(0).check()
    others.nth(1).check()
    none.check()
    after_none = [box.is_checked() for box in others.all()]
    others.nth(1).check()

    assert not any(after_none)
    assert not none.is_checked()
    assert not others.nth(0).is_checked()


def test_the_one_address_of_a_postal_code_is_filled_in_on_the_spot(guide: Guide, page: Page) -> None:
    guide.bring(page, BY_NAME["contact"])
    arrived = page.url
    page.locator("[name=company]").fill("見本商会")
    page.locator("[name=postal_code]").fill("１５０－０００１")

    page.get_by_role("button", name="住所を検索").click()

    page.locator("#postal_code-status").get_by_text("住所を入力しました").wait_for()
    assert page.locator("[name=address]").input_value() == "東京都渋谷区神宮前"
    assert page.locator("[name=address]").evaluate("field => field === document.activeElement")
    assert (page.url, page.locator("[name=company]").input_value()) == (arrived, "見本商会")


@pytest.mark.parametrize(("code", "offered"), [("498-0000", 2), ("999-9999", 0)])
def test_where_there_is_a_choice_or_nothing_the_server_is_asked(
    guide: Guide, page: Page, code: str, offered: int
) -> None:
    guide.bring(page, BY_NAME["contact"])
    page.locator("[name=company]").fill("見本商会")
    page.locator("[name=postal_code]").fill(code)

    with page.expect_navigation():
        page.get_by_role("button", name="住所を検索").click()

    assert page.locator("[name=_action][value^='address:']").count() == offered
    assert page.locator("[name=company]").input_value() == "見本商会"
    assert page.locator("[name=address]").input_value() == ""


@pytest.mark.parametrize(
    "fail",
    [
        pytest.param(lambda route: route.abort(), id="no network"),
        pytest.param(lambda route: route.fulfill(status=429, json={"status": 429}), id="too many"),
    ],
)
def test_when_the_script_learns_of_no_address_the_server_is_asked(
    guide: Guide, page: Page, fail: Callable[[Route], None]
) -> None:
    guide.bring(page, BY_NAME["contact"])
    page.route("**/addresses?*", fail)
    page.locator("[name=postal_code]").fill("150-0001")

    with page.expect_navigation():
        page.get_by_role("button", name="住所を検索").click()

    assert page.locator("[name=address]").input_value() == "東京都渋谷区神宮前"


def test_an_address_that_was_typed_is_never_written_over(guide: Guide, page: Page) -> None:
    guide.bring(page, BY_NAME["contact"])
    page.locator("[name=postal_code]").fill("150-0001")
    page.locator("[name=address]").fill("東京都港区1-1")

    with page.expect_navigation():
        page.get_by_role("button", name="住所を検索").click()

    assert page.locator("[name=address]").input_value() == "東京都港区1-1"


@pytest.mark.parametrize(
    "release",
    [
        pytest.param(lambda page: page.clock.fast_forward(10_000), id="it takes too long"),
        pytest.param(lambda page: page.evaluate("dispatchEvent(new Event('pageshow'))"), id="the person comes back"),
    ],
)
def test_a_second_click_sends_nothing_until_the_first_may_be_lost(
    guide: Guide, page: Page, release: Callable[[Page], None]
) -> None:
    page.clock.install()
    guide.bring(page, BY_NAME["wishes"])
    page.evaluate(_NO_ANSWER)

    go_button(page).click()
    go_button(page).click()
    at_once = page.evaluate("sent")
    release(page)
    go_button(page).click()

    assert (at_once, page.evaluate("sent")) == (1, 2)


@pytest.mark.parametrize(
    ("name", "led_to"), [("page-unsaved", "[aria-invalid=true]"), ("confirm-unsent", "[name=privacy_consent]")]
)
def test_what_could_not_be_saved_is_sent_again_by_itself(guide: Guide, page: Page, name: str, led_to: str) -> None:
    page.clock.install()
    guide.bring(page, BY_NAME[name])
    told = page.locator("[data-count]").inner_text()

    with page.expect_navigation():
        page.clock.run_for(15_000)

    assert told == "15秒後に自動で再送信します。"
    assert page.locator(led_to).filter(visible=True).count()


@pytest.mark.parametrize("name", ["page-unsaved", "confirm-unsent"])
def test_nothing_jumps_when_the_script_comes_late(guide: Guide, page: Page, name: str) -> None:
    """On a slow phone the line that counts down came when the button below it was being aimed at."""
    bring_paint(page)
    page.route("**/form*.js*", lambda route: route.abort())
    guide.bring(page, BY_NAME[name])
    assert shifted(page) == 0
    page.unroute_all()

    page.add_script_tag(url=page.locator("script[src*='form']").get_attribute("src"))

    assert page.locator("[data-count]").inner_text() == "15秒後に自動で再送信します。"
    assert shifted(page) == 0


def test_whoever_types_on_sends_it_when_they_are_ready(guide: Guide, page: Page) -> None:
    page.clock.install()
    guide.bring(page, BY_NAME["page-unsaved"])
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)

    page.locator("[name=company]").fill("見本商会")
    page.clock.run_for(60_000)

    assert posts == []
    assert page.locator("[data-count]").inner_text().startswith("自動の再送信を止めました")


def test_a_short_answer_has_a_short_field(guide: Guide, page: Page) -> None:
    """A postal code of seven figures in a field for forty tells nobody what is wanted."""
    guide.bring(page, BY_NAME["contact"])

    code, address = (page.locator(f"[name={name}]").bounding_box() for name in ("postal_code", "address"))

    assert code
    assert address
    assert code["width"] <= 224 < address["width"]


def test_a_link_for_a_colleague_is_copied_at_a_touch(guide: Guide, page: Page, site: Site) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.service.url)
    guide.bring(page, BY_NAME["asked"])

    page.get_by_role("button", name="コピーする").click()

    page.locator("#link-status").get_by_text("コピーしました。").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#link").input_value()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(OUR_PDF, "ファイルは、発行した見積書と同じものです", id="the PDF that was sent"),
        pytest.param(OUR_PDF.replace(b"7", b"6"), "同じものではありません", id="with one byte changed"),
    ],
)
def test_a_pdf_is_compared_by_choosing_it_and_does_not_leave_the_machine(
    guide: Guide, page: Page, content: bytes, said: str
) -> None:
    guide.bring(page, BY_NAME["quote-expired"])
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or ""))

    with page.expect_navigation():
        page.get_by_label("PDFファイルを選ぶ").set_input_files(
            {"name": "見積書.pdf", "mimeType": "application/pdf", "buffer": content}
        )

    assert said in page.locator("main").inner_text()
    assert not any(sent)


def test_the_result_appears_by_itself_and_is_read_aloud(site: Site, page: Page) -> None:
    """A guide of its own: the request of another test must not be answered."""
    guide = Guide(site)
    page.clock.install()
    guide.bring(page, BY_NAME["done"])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    before = page.locator("#result").inner_text()
    with Customer(site) as customer:
        answer(customer, page.url.rpartition("/")[2])

    page.clock.run_for(2_000)
    page.locator("#result").get_by_text("67,000円").first.wait_for()
    looked = len(asked)
    page.clock.run_for(600_000)

    assert "67,000円" not in before
    assert page.locator("#result").get_attribute("aria-live") == "polite"
    assert (looked, len(asked)) == (2, 2)
    assert page.url.endswith(asked[1].rpartition("/")[2])


def test_the_page_looks_less_and_less_often_and_stops(site: Site, page: Page) -> None:
    page.clock.install()
    Guide(site).bring(page, BY_NAME["done"])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    counts = []

    for _ in range(20):
        for _ in range(6):
            page.clock.run_for(10_000)
            page.evaluate("fetch(location.href)")  # What was asked before it has been answered.
        counts.append(len(asked))

    assert counts[1] - counts[0] < counts[0]
    assert 10 < counts[9] <= counts[10] < 30
    assert counts[-1] == counts[11]
