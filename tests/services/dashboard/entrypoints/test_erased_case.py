"""The page of an erased case: what is left of it, and nothing that can be done."""

import pytest

from tests.services.dashboard.builders import ANSWERS, CONTACT, REQUEST, a_whole_story, an_erasure
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, get, text

pytestmark = pytest.mark.anyio

ERASED = an_erasure()
STORY = (*a_whole_story(), ERASED)


async def test_it_says_since_when_and_what_is_left() -> None:
    page = text(await get(f"/cases/{REQUEST}", *STORY))

    for words in ("消去済み", "11月24日 12:00 に消去しました", "K7M2P4XR", "小売", "1億円以上5億円未満", "67,000円"):
        assert words in page
    assert "お客さまの情報を消去しました" in page


@pytest.mark.parametrize("path", [f"/cases/{REQUEST}", f"/cases/{REQUEST}/sent", "/?tab=all"])
async def test_nothing_of_the_customer_is_shown_even_while_a_parcel_is_still_there(path: str) -> None:
    """Between the erasure and the moment at which each document is overwritten, somebody may look."""
    page = text(await get(path, *STORY))

    assert [word for word in (*CONTACT.values(), ANSWERS["incidents_note"], "折り返し希望") if word in page] == []
    assert "消去済み" in page


async def test_there_is_nothing_to_press() -> None:
    page = await get(f"/cases/{REQUEST}", *STORY)

    assert f"/cases/{REQUEST}/work" not in page.text
    assert f"/cases/{REQUEST}/release" not in page.text


async def test_a_note_that_somebody_still_had_open_is_not_kept_and_says_so() -> None:
    dashboard = InMemoryDashboard()
    for fact in STORY:
        await dashboard.cases.add(fact)
    before = dict(dashboard.cases.facts)

    async with dashboard.browser() as browser:
        note = {"kind": "note", "text": "また電話がありました", "seen": "0"}
        reply = await browser.post(f"/cases/{REQUEST}/work", data=note, headers=FROM_OWN_PAGE)

    assert reply.status_code == 409
    assert "保存していません" in text(reply)
    assert "また電話がありました" in text(reply)
    assert dashboard.cases.facts == before
