"""Whatever a customer does, no answer is missing that a page has shown as saved."""

from contextlib import AsyncExitStack
from random import Random  # noqa: TID251  # a walk that can be taken again, and no secret

import httpx
import pytest

from services.intake.domain.draft_encryption import decrypt_draft, stored_id
from tests.services.intake.browser import FORM, browser
from tests.services.intake.builders import a_product
from tests.services.intake.fakes import Scene
from tests.services.intake.wanderer import Wanderer

pytestmark = pytest.mark.anyio
WALKS = 40
"""A thousand take ten minutes of a processor."""
STEPS = 40


async def walk(seed: int) -> None:
    chance = Random(seed)  # noqa: S311  # as above
    async with AsyncExitStack() as stack:
        scene = Scene()

        async def kill(wanderer: Wanderer) -> None:
            """It dies while it saves, and comes back with nothing but its database."""
            scene.ledger.drafts.saves_left = 0
            await wanderer.keep()
            scene.ledger.drafts.saves_left = None
            after = await stack.enter_async_context(browser(scene.after_release(scene.product)))
            after.cookies = wanderer.client.cookies
            wanderer.client = after

        client = await stack.enter_async_context(browser(scene))
        wanderer = Wanderer(
            a_product().form.pages, chance, client, lambda: browser(scene), kill, lambda: scene.mailed[-1]
        )
        await wanderer.wander(STEPS)
        wanderer.look_at(await stored(scene, wanderer.client))


async def stored(scene: Scene, client: httpx.AsyncClient) -> dict[str, str | list[str]]:
    """What the database has in the end, with what colleagues have answered."""
    await client.post(f"{FORM}start")
    key = client.cookies["mitsumori_draft"]
    encrypted, _ = scene.ledger.drafts.kept[stored_id(key)]
    draft = decrypt_draft(key, encrypted)
    assert draft
    return draft.typed


@pytest.mark.parametrize("first", range(0, WALKS, 10))
async def test_no_answer_that_was_shown_as_saved_is_ever_missing(first: int) -> None:
    for seed in range(first, first + 10):
        await walk(seed)
