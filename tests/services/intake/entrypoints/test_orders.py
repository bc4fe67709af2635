"""The order in which customers are led through the form: chosen when they begin, and kept to the end."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from services.intake.domain.draft import Draft
from shared.products import INSURERS_ORDER
from tests.services.intake.browser import FORM, browser, fields_of, fill, mark, send, slug_of
from tests.services.intake.builders import CONTACT, IT, a_product, answers, brochure_only
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio

COVER_FIRST = "cover-first"
IN_HALVES = {INSURERS_ORDER: 1, COVER_FIRST: 1}
WISHES = {"brochure": "email", "quote": "yes"}


@pytest.fixture
def scene() -> Scene:
    return Scene(product=a_product(COVER_FIRST))


@pytest.fixture
async def client(scene: Scene) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(scene) as client:
        yield client


async def the_draft(client: httpx.AsyncClient, scene: Scene) -> Draft:
    found = await scene.dependencies.open_draft(client.cookies["mitsumori_draft"])
    assert found is not None
    return found


def told(page: httpx.Response) -> tuple[int, int | None]:
    """Which page it says to be, and of how many."""
    where = re.search(r'class="where">(?:<span class="hidden">全([0-9]+)ページ中)?([0-9]+)ページ目', page.text)
    assert where, page.text
    return int(where[2]), int(where[1]) if where[1] else None


async def test_a_quote_begins_with_the_wishes_and_ends_with_the_contact(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    passed = await fill(client, answers(**IT, rider_it="yes"), COVER_FIRST)
    await send(client)

    assert passed == ["wishes", "cover", "history", "policy", "technology", "operation", "it-work", "contact"]
    [request] = scene.requests
    assert scene.opened(request, "desk")["contact"] == CONTACT
    assert scene.opened(request, "rating")["answers"]["turnover"] == 500_000


async def test_whoever_wants_documents_only_is_asked_for_the_contact_at_once(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    passed = await fill(client, brochure_only(), COVER_FIRST)
    await send(client)

    assert passed == ["wishes", "contact"]
    assert scene.requests[0].event.wishes.quote is False


@pytest.mark.parametrize(
    ("typed", "counts"),
    [
        pytest.param(brochure_only(), [None, 3, 3], id="documents only"),
        pytest.param(answers(), [None, 9, 8, 8, 8, 8, 8, 8], id="a quote"),
        pytest.param(answers(**IT, rider_it="yes"), [None, 9, 9, 9, 9, 9, 9, 9, 9], id="with the IT rider"),
    ],
)
async def test_the_number_of_pages_that_was_told_never_grows(
    client: httpx.AsyncClient, typed: dict[str, str], counts: list[int | None]
) -> None:
    """It shrinks by one page at most, where an answer has just said that it is not asked."""
    reply, shown = await client.post(f"{FORM}start"), []
    while (slug := slug_of(reply)) != "confirm":
        shown.append(told(await client.get(f"{FORM}{slug}")))
        reply = await client.post(f"{FORM}{slug}", data=fields_of(slug, typed, COVER_FIRST))

    assert [number for number, _ in shown] == list(range(1, len(shown) + 1))
    assert [count for _, count in shown] == counts[: len(shown)]


async def test_the_confirmation_shows_the_answers_as_they_were_asked_and_changes_each_on_its_page(
    client: httpx.AsyncClient,
) -> None:
    await fill(client, answers(), COVER_FIRST)

    page = (await client.get(f"{FORM}confirm")).text

    assert page.index("お見積り") < page.index("業種") < page.index("告知事項 1") < page.index("告知事項 2")
    assert page.index("告知事項 2") < page.index("企業名")
    assert "cover?back=confirm#turnover" in page
    changed = await client.post(
        f"{FORM}cover?back=confirm", data=fields_of("cover", answers(turnover="600,000"), COVER_FIRST)
    )
    assert slug_of(changed) == "confirm"


async def test_what_was_begun_before_there_were_orders_goes_on_in_the_insurers(scene: Scene) -> None:
    """The first page of the new order was shown to whoever had passed half of the old one."""
    before = scene.after_release(a_product())
    async with browser(before) as client:
        await client.post(f"{FORM}start")
        for slug in ("contact", "wishes", "history"):
            await client.post(f"{FORM}{slug}", data=fields_of(slug, answers()))
        key = client.cookies["mitsumori_draft"]
        draft = await before.dependencies.open_draft(key)
        assert draft is not None
        await before.dependencies.save_draft(key, replace(draft, order=""))

        async with browser(before.after_release(a_product(COVER_FIRST))) as later:
            later.cookies = client.cookies
            resumed = await later.post(f"{FORM}start")
            page = await later.get(f"{FORM}policy")
            passed = await fill(later, answers())

    assert slug_of(resumed) == "policy"
    assert told(page)[0] == 4
    assert passed == ["policy", "technology", "operation", "cover"]


async def test_a_draft_whose_order_the_form_has_no_more_goes_on_with_its_answers(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """It is led through the insurer's order, and every page has what was answered on another."""
    for slug in ("start", "wishes", "cover", "history"):
        await client.post(f"{FORM}{slug}", data={} if slug == "start" else fields_of(slug, answers(), COVER_FIRST))
    product = a_product()
    orders = {INSURERS_ORDER: product.form.orders[INSURERS_ORDER]}
    without = replace(product, form=replace(product.form, orders=orders))

    async with browser(scene.after_release(without)) as later:
        later.cookies = client.cookies
        resumed = await later.post(f"{FORM}start")
        went_on = await later.post(f"{FORM}contact", data=CONTACT)
        history = await later.get(f"{FORM}history")

    assert [slug_of(resumed), slug_of(went_on)] == ["contact", "wishes"]
    assert 'value="500,000"' in history.text


async def test_where_a_product_compares_two_orders_each_visit_keeps_its_own(scene: Scene) -> None:
    halves = scene.after_release(replace(a_product(), form_orders=IN_HALVES))
    first = []
    for _ in range(40):
        async with browser(halves) as client:
            begun = slug_of(await client.post(f"{FORM}start"))
            other = {"contact": "wishes", "wishes": "contact"}[begun]
            again = slug_of(await client.get(f"{FORM}{other}", follow_redirects=False))
            first.append((begun, again))
    counted = {step.order for step in halves.ledger.steps.kept}

    assert set(first) == {("contact", "contact"), ("wishes", "wishes")}
    assert counted == {INSURERS_ORDER, COVER_FIRST}


@pytest.mark.parametrize("order", [INSURERS_ORDER, COVER_FIRST])
async def test_a_page_that_could_not_be_saved_is_shown_again_in_its_order(scene: Scene, order: str) -> None:
    """Without the ledger nobody can read which order the draft has: the page says it."""
    halves = scene.after_release(replace(a_product(), form_orders=IN_HALVES))
    async with browser(halves) as client:
        halves.ledger.away = True
        page = await client.post(f"{FORM}cover", data={"_order": order, "turnover": "777", "plan": "wide"})

    assert page.status_code == 503
    assert ('value="777"' in page.text) == (order == COVER_FIRST)
    assert f'name="_order" value="{order}"' in page.text


async def test_an_answer_on_a_page_of_another_order_is_kept(scene: Scene) -> None:
    """In another window the form was begun afresh, and the order was drawn anew."""
    both = scene.after_release(replace(a_product(), form_orders={COVER_FIRST: 1}))
    async with browser(both) as client:
        await client.post(f"{FORM}start")
        await client.post(f"{FORM}wishes", data=WISHES)
        await client.post(f"{FORM}history", data={"_order": INSURERS_ORDER, "turnover": "777", "incidents": "no"})

        page = await client.get(f"{FORM}cover")

    assert 'value="777"' in page.text


async def test_saving_a_page_of_another_order_deletes_no_answer_that_it_does_not_ask(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """Another window has begun the form afresh in this order: here 過去の事故等 do not ask for the turnover."""
    await fill(client, answers(), COVER_FIRST)
    seen = await mark(client, "history")
    draft = await the_draft(client, scene)
    await scene.dependencies.save_draft(client.cookies["mitsumori_draft"], replace(draft, order=INSURERS_ORDER))

    changed = {"_order": COVER_FIRST, **seen, "incidents": "yes"}
    reply = await client.post(f"{FORM}history/keep", data=changed)

    assert reply.json()["elsewhere"] == []
    saved = await the_draft(client, scene)
    assert (saved.typed["turnover"], saved.typed["incidents"]) == ("500,000", "yes")


async def test_what_is_saved_on_a_page_of_another_order_is_looked_at_again_where_it_stands(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await fill(client, answers(), COVER_FIRST)

    changed = {"_order": INSURERS_ORDER, "_seen": "", "turnover": "777"}
    await client.post(f"{FORM}history/keep", data=changed)

    assert (await the_draft(client, scene)).typed["turnover"] == "777"
    assert (await client.get(f"{FORM}confirm")).headers["Location"] == f"{FORM}cover"


async def test_an_answer_on_a_page_of_another_order_is_looked_at_again_on_the_page_where_it_stands(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """The turnover of one order's 過去の事故等 stood confirmed under another order's ご希望の補償, which nobody saw."""
    await fill(client, answers(), COVER_FIRST)

    changed = {**fields_of("history", answers(turnover="50,000,000")), "_order": INSURERS_ORDER}
    await client.post(f"{FORM}history", data=changed)

    assert (await the_draft(client, scene)).typed["turnover"] == "50,000,000"
    assert (await client.get(f"{FORM}confirm")).headers["Location"] == f"{FORM}cover"


@pytest.mark.parametrize(
    ("orders", "path", "posted", "begun"),
    [
        pytest.param({COVER_FIRST: 1}, "start", INSURERS_ORDER, COVER_FIRST, id="not the start"),
        pytest.param({COVER_FIRST: 1}, "wishes", INSURERS_ORDER, COVER_FIRST, id="not one that is not sold"),
        pytest.param(
            {COVER_FIRST: 1, INSURERS_ORDER: 0}, "start", INSURERS_ORDER, COVER_FIRST, id="sold, at the start"
        ),
        pytest.param({COVER_FIRST: 1, INSURERS_ORDER: 0}, "wishes", INSURERS_ORDER, INSURERS_ORDER, id="of a page"),
    ],
)
async def test_nobody_chooses_the_order_but_by_a_page_that_was_shown_in_it(
    orders: dict[str, int], path: str, posted: str, begun: str
) -> None:
    scene = Scene(product=replace(a_product(), form_orders=orders))
    async with browser(scene) as client:
        await client.post(f"{FORM}{path}", data={**WISHES, "_order": posted})

        assert (await the_draft(client, scene)).order == begun


async def test_a_page_of_an_order_that_is_sold_no_more_is_shown_again_in_it(scene: Scene) -> None:
    async with browser(scene) as client:
        scene.ledger.away = True
        page = await client.post(f"{FORM}history", data={"_order": INSURERS_ORDER, "turnover": "777"})

    assert 'value="777"' in page.text


async def test_a_colleague_is_asked_what_the_page_asks_in_this_order(client: httpx.AsyncClient) -> None:
    for slug in ("start", "wishes", "cover"):
        await client.post(f"{FORM}{slug}", data={} if slug == "start" else fields_of(slug, answers(), COVER_FIRST))
    await client.post(f"{FORM}ask/history")
    [link] = set(re.findall(r"/cyber-security/help/[\w-]+", (await client.get(f"{FORM}ask/history")).text))

    page = await client.get(link)

    assert 'name="incidents"' in page.text
    assert 'name="turnover"' not in page.text


async def test_the_hidden_field_is_beside_the_contact_and_only_there(client: httpx.AsyncClient) -> None:
    await fill(client, answers(), COVER_FIRST)

    with_it = [
        slug for slug in ("wishes", "cover", "contact") if "homepage" in (await client.get(f"{FORM}{slug}")).text
    ]

    assert with_it == ["contact"]


async def test_two_clicks_on_the_wishes_are_no_reason_for_suspicion(client: httpx.AsyncClient, scene: Scene) -> None:
    """The first page used to be the one that takes a while to type."""
    await client.post(f"{FORM}start")
    await client.post(f"{FORM}wishes", data=brochure_only())
    scene.clock.forward(timedelta(seconds=10))
    await client.post(f"{FORM}contact", data=CONTACT)
    await send(client)

    assert scene.requests[0].event.suspicions == ()


async def test_a_page_carries_its_order_along(client: httpx.AsyncClient) -> None:
    await client.post(f"{FORM}start")

    assert f'name="_order" value="{COVER_FIRST}"' in (await client.get(f"{FORM}wishes")).text
