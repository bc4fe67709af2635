"""From a company's name or 法人番号 to its address, with a button and without a script."""

import re
from html import unescape

import httpx
import pytest

from tests.services.intake.browser import FORM, browser, post
from tests.services.intake.builders import CONTACT, a_company
from tests.services.intake.fakes import InMemoryCompanies, Scene

pytestmark = pytest.mark.anyio

BUTTON = 'value="company"'


@pytest.fixture
def scene() -> Scene:
    return Scene(companies=InMemoryCompanies(a_company(), a_company("6999901000002", name="有限会社見本商事")))


@pytest.fixture
async def client(client: httpx.AsyncClient) -> httpx.AsyncClient:
    await client.post(f"{FORM}start")
    return client


def looking_up(company: str, action: str = "company", **typed: str) -> dict[str, str]:
    nothing = {"postal_code": "", "address": "", "building": ""}
    return {**CONTACT, **nothing, "company": company, **typed, "_action": action}


def filled_in(reply: httpx.Response) -> tuple[str, ...]:
    keys = ("company", "postal_code", "address", "building")
    return tuple(unescape(re.findall(rf'id="{key}" name="{key}" value="([^"]*)"', reply.text)[0]) for key in keys)


def offered(reply: httpx.Response) -> list[str]:
    return re.findall(r'value="company:([0-9]+)"', reply.text)


AS_LISTED = ("株式会社見本商事", "150-0043", "東京都渋谷区道玄坂9丁目8番7号", "見本ビル3階")


async def test_a_name_is_a_choice_among_companies_and_the_one_that_is_chosen_is_filled_in(
    client: httpx.AsyncClient,
) -> None:
    found = await post(client, f"{FORM}contact", looking_up("見本商事"))

    chosen = await post(client, f"{FORM}contact", looking_up("見本商事", "company:7999901000001"))

    assert offered(found) == ["6999901000002", "7999901000001"]
    assert filled_in(found) == ("見本商事", "", "", "")
    assert "見つからない場合" in found.text
    assert filled_in(chosen) == AS_LISTED
    assert "企業名と本店の所在地を入力しました" in chosen.text
    assert f'value="{CONTACT["person"]}"' in chosen.text


async def test_a_number_fills_in_an_empty_address_at_once(client: httpx.AsyncClient) -> None:
    reply = await post(client, f"{FORM}contact", looking_up("7999901000001"))

    assert filled_in(reply) == AS_LISTED


async def test_nothing_that_was_typed_is_overwritten_but_by_a_choice_that_says_so(client: httpx.AsyncClient) -> None:
    mine = {"address": "東京都千代田区霞が関9丁目8番7号"}
    before = await post(client, f"{FORM}contact", looking_up("7999901000001", **mine))

    chosen = await post(client, f"{FORM}contact", looking_up("7999901000001", "company:7999901000001", **mine))

    assert filled_in(before) == ("7999901000001", "", mine["address"], "")
    assert "置き換わります" in before.text
    assert filled_in(chosen) == AS_LISTED


async def test_the_address_of_a_company_is_never_mixed_with_one_that_was_typed() -> None:
    """The building of one place under the street of another is where no brochure arrives."""
    elsewhere = a_company(postal_code="", place="大阪府大阪市北区梅田９丁目９番１号")
    async with browser(Scene(companies=InMemoryCompanies(elsewhere))) as client:
        await client.post(f"{FORM}start")
        mine = {"postal_code": "100-0013", "address": "東京都千代田区霞が関9丁目8番7号", "building": "カナリアタワー"}

        chosen = await post(client, f"{FORM}contact", looking_up("見本", "company:7999901000001", **mine))

    assert filled_in(chosen) == ("株式会社見本商事", "", "大阪府大阪市北区梅田9丁目9番1号", "")


async def test_where_nothing_would_be_overwritten_nothing_is_said_of_it(client: httpx.AsyncClient) -> None:
    assert "置き換わります" not in (await post(client, f"{FORM}contact", looking_up("見本商事"))).text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("7999901000002", "法人番号に誤りがあります"),
        ("799990100000123", "法人番号は13桁の数字です"),
        ("架空の名前", "該当する会社が見つかりませんでした"),
        ("", "企業名（はじめの数文字）または法人番号（13桁）を入力してから"),
    ],
)
async def test_why_nothing_was_found_is_told_and_the_address_can_be_typed(
    client: httpx.AsyncClient, typed: str, told: str
) -> None:
    reply = await post(client, f"{FORM}contact", looking_up(typed))

    assert told in reply.text
    assert offered(reply) == []


async def test_nobody_can_choose_a_company_that_is_not_listed(client: httpx.AsyncClient) -> None:
    for number in ("8040001999013", "1", "x", "７９９９９０１０００００１"):
        reply = await post(client, f"{FORM}contact", looking_up("架空", f"company:{number}"))

        assert filled_in(reply) == ("架空", "", "", "")


async def test_a_list_that_cannot_be_read_stops_nobody_and_keeps_what_was_typed(
    scene: Scene, client: httpx.AsyncClient
) -> None:
    scene.companies.is_broken = True

    reply = await post(client, f"{FORM}contact", looking_up("見本商事", address="東京都"))

    assert reply.status_code == 200
    assert filled_in(reply) == ("見本商事", "", "東京都", "")
    assert "ただいま検索できません" in reply.text


async def test_without_a_list_the_form_has_no_such_button() -> None:
    async with browser(Scene()) as client:
        await client.post(f"{FORM}start")

        page = await client.get(f"{FORM}contact")
        reply = await post(client, f"{FORM}contact", looking_up("見本商事"))

    assert BUTTON not in page.text
    assert filled_in(reply) == ("見本商事", "", "", "")


async def test_no_address_that_is_led_to_names_a_company(client: httpx.AsyncClient) -> None:
    """Addresses are kept in histories and logs."""
    for action in ("company", "company:7999901000001"):
        reply = await client.post(f"{FORM}contact", data=looking_up("見本商事", action))

        assert httpx.URL(reply.headers["Location"]).query in {b"company=look", b"company=filled"}


async def test_companies_are_not_given_away_by_the_thousand(scene: Scene) -> None:
    """And whoever asks too often has lost nothing of what was typed."""
    async with browser(scene, "203.0.113.9") as client:
        await client.post(f"{FORM}start")
        await client.post(f"{FORM}contact", data=looking_up("見本商事"))

        replies = [await client.get(f"{FORM}contact?company=look") for _ in range(61)]
        page = await client.get(f"{FORM}contact")

    assert [reply.status_code for reply in replies] == [*[200] * 60, 429]
    assert "入力された内容は保存されています" in replies[-1].text
    assert filled_in(page) == ("見本商事", "", "", "")


async def test_eight_fields_are_five_to_type(client: httpx.AsyncClient) -> None:
    page = await client.get(f"{FORM}contact")
    typed = {key: CONTACT[key] for key in ("department", "person", "phone", "email")}

    await post(client, f"{FORM}contact", {"company": "見本商事", **typed, "_action": "company"})
    chosen = {"company": "見本商事", **typed, "_action": "company:7999901000001"}
    reply = await post(client, f"{FORM}contact", chosen)
    fields = dict(zip(("company", "postal_code", "address", "building"), filled_in(reply), strict=True))
    gone_on = await client.post(f"{FORM}contact", data={**typed, **fields})

    assert BUTTON in page.text
    assert httpx.URL(gone_on.headers["Location"]).path != f"{FORM}contact"
