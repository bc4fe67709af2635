"""From a postal code to the address, with a button and without a script."""

import re

import httpx
import pytest

from tests.services.intake.browser import FORM, browser, post
from tests.services.intake.builders import CONTACT
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


@pytest.fixture
async def client(client: httpx.AsyncClient) -> httpx.AsyncClient:
    await client.post(f"{FORM}start")
    return client


def looking_up(code: str, address: str = "", action: str = "address") -> dict[str, str]:
    return {**CONTACT, "postal_code": code, "address": address, "_action": action}


def address_in(reply: httpx.Response) -> str:
    return str(re.findall(r'id="address" name="address" value="([^"]*)"', reply.text)[0])


def candidates(reply: httpx.Response) -> list[str]:
    return re.findall(r'value="address:([^"]+)"', reply.text)


@pytest.mark.parametrize("code", ["100-0013", "1000013", "〒１００－００１３"])
async def test_a_code_with_one_address_types_it_into_an_empty_field(client: httpx.AsyncClient, code: str) -> None:
    reply = await post(client, f"{FORM}contact", looking_up(code))

    assert address_in(reply) == "東京都千代田区霞が関"
    assert "住所を入力しました" in reply.text
    assert f'value="{CONTACT["company"]}"' in reply.text


async def test_an_address_that_was_typed_is_never_overwritten_but_by_choice(client: httpx.AsyncClient) -> None:
    mine = "東京都千代田区霞が関9丁目8番7号"
    offered = await post(client, f"{FORM}contact", looking_up("154-0001", mine))

    chosen = await post(client, f"{FORM}contact", looking_up("154-0001", mine, "address:東京都世田谷区池尻"))

    assert address_in(offered) == mine
    assert candidates(offered) == ["東京都世田谷区池尻"]
    assert address_in(chosen) == "東京都世田谷区池尻"


async def test_a_code_that_lies_in_two_cities_is_a_choice(client: httpx.AsyncClient) -> None:
    reply = await post(client, f"{FORM}contact", looking_up("498-0000"))

    assert address_in(reply) == ""
    assert len({address[:6] for address in candidates(reply)}) > 1
    assert all(address.startswith(("愛知県", "三重県")) for address in candidates(reply))


async def test_nobody_can_choose_an_address_that_is_not_offered(client: httpx.AsyncClient) -> None:
    reply = await post(client, f"{FORM}contact", looking_up("498-0000", action="address:どこか"))

    assert address_in(reply) == ""


@pytest.mark.parametrize("code", ["999-9999", "12", ""])
async def test_a_code_that_does_not_exist_is_told_and_the_address_can_be_typed(
    client: httpx.AsyncClient, code: str
) -> None:
    reply = await post(client, f"{FORM}contact", looking_up(code))

    assert "この郵便番号の住所は見つかりませんでした" in reply.text


async def test_an_office_s_own_code_leads_to_its_town(client: httpx.AsyncClient) -> None:
    reply = await client.get(f"{FORM}addresses?postal_code=100-8601")

    assert reply.json() == {"addresses": ["東京都千代田区大手町"]}


async def test_a_script_is_told_the_same(client: httpx.AsyncClient) -> None:
    reply = await client.get(f"{FORM}addresses?postal_code=1000013")

    assert reply.json() == {"addresses": ["東京都千代田区霞が関"]}
    assert (await client.get(f"{FORM}addresses?postal_code=abc")).json() == {"addresses": []}


async def test_codes_are_not_given_away_by_the_thousand() -> None:
    async with browser(Scene(), "203.0.113.9") as client:
        statuses = [(await client.get(f"{FORM}addresses?postal_code=1000013")).status_code for _ in range(61)]

    assert statuses == [200] * 60 + [429]
