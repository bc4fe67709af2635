"""What may be a slip is asked about once, and never mended by ourselves."""

import re

import httpx
import pytest

from services.intake.domain.advice import advice
from services.intake.domain.answers import check
from tests.services.intake.fakes import CONTACT, a_product, answers
from tests.services.intake.walk import FORM, fields_of, fill, post, slug_of

pytestmark = pytest.mark.anyio


def meant(**sent: str) -> list[str]:
    """What may have been meant instead."""
    form = a_product().form
    everything = answers(**sent)
    return [doubt.instead for doubt in advice(form.questions, check(form, everything), everything)]


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("a@gmial.com", ["a@gmail.com"]),
        ("a@gmail.con", ["a@gmail.com"]),
        ("a@gmial.con", ["a@gmail.com"]),
        ("a@gmail.co", ["a@gmail.com"]),
        ("a@yaho.co.jp", ["a@yahoo.co.jp"]),
        ("a@yahoo.co.jo", ["a@yahoo.co.jp"]),
        ("a@first-place.cojp", ["a@first-place.co.jp"]),
        ("a@docomo.ne.jo", ["a@docomo.ne.jp"]),
        ("a@gmail.com", []),
        ("a@mail.com", []),
        ("a@email.com", []),
        ("a@outlook.co.jp", []),
        ("a@first-place.co.jp", []),
        ("a@example.jp", []),
    ],
)
def test_a_mailbox_that_is_spelt_nearly_like_a_common_one_is_asked_about(typed: str, instead: list[str]) -> None:
    assert meant(email=typed) == instead


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        pytest.param("500,000,000", ["500,000"], id="5億円 typed in yen"),
        pytest.param("523,456,789", ["523,456"], id="an odd amount typed in yen"),
        pytest.param("10,000,000", ["10,000"], id="1000万円 typed in yen"),
        pytest.param("500", ["500,000"], id="5億円 typed in millions"),
        pytest.param("999", ["999,000"], id="just below a million yen"),
        pytest.param("1,000", [], id="a million yen"),
        pytest.param("500,000", [], id="5億円"),
        pytest.param("5,000,000", [], id="50億円"),
        pytest.param("12,345,000", [], id="123億4500万円"),
        pytest.param("5,000億円", [], id="whoever writes 億円 means it"),
    ],
)
def test_a_turnover_that_may_be_in_another_unit_is_asked_about(typed: str, instead: list[str]) -> None:
    assert meant(turnover=typed) == instead


async def test_a_doubt_is_told_once_and_believed_when_it_is_sent_again(client: httpx.AsyncClient) -> None:
    await client.post(f"{FORM}start")
    typed = {**CONTACT, "email": "canary@gmial.com"}

    asked = await post(client, f"{FORM}contact", typed)
    again = await client.post(f"{FORM}contact", data=typed)

    assert "<title>確認：" in asked.text
    assert "もしかして canary@gmail.com ではありませんか。" in asked.text
    assert 'value="canary@gmial.com"' in asked.text
    assert slug_of(again) == "wishes"


async def test_another_slip_is_another_doubt(client: httpx.AsyncClient) -> None:
    await client.post(f"{FORM}start")
    await client.post(f"{FORM}contact", data={**CONTACT, "email": "canary@gmial.com"})

    reply = await client.post(f"{FORM}contact", data={**CONTACT, "email": "canary@gmail.con"})

    assert slug_of(reply) == "contact"


async def test_one_button_types_what_was_meant(client: httpx.AsyncClient) -> None:
    await fill(client, answers())
    await client.post(f"{FORM}history", data=fields_of("history", answers(turnover="500000000")))

    changed = {**fields_of("history", answers(turnover="500000000")), "_action": "instead:turnover"}
    reply = await post(client, f"{FORM}history", changed)

    assert 'value="500,000"' in reply.text
    assert "＝ 5億円" in reply.text
    assert "advice" not in re.findall(r'class="([a-z]+)"', reply.text)


async def test_a_page_of_the_agency_is_not_asked_back(client: httpx.AsyncClient) -> None:
    """It has no second page to ask on; the desk sees the address and the amount."""
    reply = await client.post(f"{FORM}submit", data=answers(email="canary@gmial.com"))

    assert slug_of(reply).startswith("done/")
