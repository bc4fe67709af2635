"""The walks of `wanderer.py` over a real process and a real database, which SIGKILL interrupts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random  # noqa: TID251  # a walk that can be taken again, and no secret
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

from services.intake.domain.draft_encryption import decrypt_draft, stored_id
from tests.form.customer import PAGES
from tests.form.site import PRODUCT, Site
from tests.services.intake.wanderer import Wanderer

STEPS = 30


@pytest.mark.parametrize("seed", range(2))
def test_no_answer_that_was_shown_as_saved_is_missing_after_the_service_was_killed(site: Site, seed: int) -> None:
    asyncio.run(_walk(site, Random(seed)))  # noqa: S311  # as above


async def _walk(site: Site, chance: Random) -> None:
    @asynccontextmanager
    async def another() -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(base_url=site.service.url, timeout=20) as client:
            yield client

    async def kill(wanderer: Wanderer) -> None:
        """In the middle of a save, or just before or after it."""
        saving = asyncio.create_task(wanderer.keep())
        await asyncio.sleep(chance.random() / 100)
        site.service.child.kill()
        await saving
        site.service.spawn()
        await asyncio.to_thread(site.service.wait_until_ready)

    async with another() as client:
        wanderer = Wanderer(PAGES, chance, client, another, kill, site.newest_link)
        await wanderer.wander(STEPS)
        await kill(wanderer)
        await client.post(f"/{PRODUCT}/start")
        wanderer.look_at(_stored(site, client.cookies["mitsumori_draft"]))


def _stored(site: Site, key: str) -> dict[str, str | list[str]]:
    with MongoClient[dict[str, Any]](site.mongo) as mongo:
        found = mongo["mitsumori_intake"]["drafts"].find_one({"_id": stored_id(key)})
    draft = found and decrypt_draft(key, bytes(found["box"]))
    assert draft
    return draft.typed
