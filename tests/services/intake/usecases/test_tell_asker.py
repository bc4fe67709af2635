"""A colleague's answer is told once, whatever else happens to the two drafts at that moment."""

import asyncio
from dataclasses import replace

import pytest

from services.intake.domain.draft import Draft
from services.intake.domain.draft_encryption import new_key
from shared.events import ColleagueAnswered
from tests.services.intake.builders import CONTACT, a_product
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio
PRODUCT = a_product()
PAGE, OTHER_PAGE = [page for page in PRODUCT.form.pages if page.slug in {"policy", "technology"}]


async def asks(scene: Scene, own_key: str) -> str:
    """A draft that waits for one page and has sent its contact; the key of the colleague's link."""
    deps, draft = scene.dependencies, Draft(typed={**CONTACT, "quote": "yes"}, passed=("contact",))
    asking = await deps.ask_colleague(PRODUCT.form, draft, [PAGE])
    await deps.save_draft(own_key, asking)
    await look(scene, own_key)
    return asking.asked[PAGE.slug]


async def look(scene: Scene, own_key: str) -> Draft:
    """Whoever asked opens a page."""
    draft = await scene.dependencies.open_draft(own_key)
    assert draft is not None
    return await scene.dependencies.take_over_answers(PRODUCT, own_key, draft, lambda _mailbox: True)


async def answer(scene: Scene, link: str) -> None:
    theirs = await scene.dependencies.open_draft(link)
    assert theirs is not None
    await scene.dependencies.save_draft(link, replace(theirs, passed=theirs.helps_with))


def told(scene: Scene) -> list[str]:
    return [mail["email"] for mail in scene.mails_about(ColleagueAnswered)]


async def test_several_that_tell_it_at_once_make_one_mail() -> None:
    scene = Scene()
    link = await asks(scene, new_key())
    await answer(scene, link)
    scene.ledger.drafts.is_slow = True

    await asyncio.gather(*(scene.dependencies.tell_asker(PRODUCT.slug, link) for _ in range(5)))

    assert told(scene) == [CONTACT["email"]]


async def test_two_links_that_are_answered_are_two_mails() -> None:
    """They may be with two colleagues, and whoever asked waits for both."""
    scene, own_key = Scene(), new_key()
    first = await asks(scene, own_key)
    asking = await scene.dependencies.ask_colleague(PRODUCT.form, await look(scene, own_key), [OTHER_PAGE])
    await scene.dependencies.save_draft(own_key, asking)
    await look(scene, own_key)

    for link in (first, asking.asked[OTHER_PAGE.slug]):
        await answer(scene, link)
        await scene.dependencies.tell_asker(PRODUCT.slug, link)

    assert told(scene) == [CONTACT["email"]] * 2


async def test_a_link_that_is_not_answered_or_never_was_tells_nobody() -> None:
    scene = Scene()
    link = await asks(scene, new_key())

    for key in (link, new_key()):
        await scene.dependencies.tell_asker(PRODUCT.slug, key)

    assert told(scene) == []


async def test_a_refused_mailbox_is_asked_about_again_when_it_has_room() -> None:
    scene, own_key = Scene(), new_key()
    link = await asks(scene, own_key)
    theirs, draft = await scene.dependencies.open_draft(link), await scene.dependencies.open_draft(own_key)
    assert theirs is not None
    assert draft is not None
    leave = scene.dependencies.take_over_answers.leave_address

    refused = leave(PRODUCT, own_key, draft, replace(theirs, tells={}), lambda _mailbox: False)
    left = leave(PRODUCT, own_key, draft, refused, lambda mailbox: mailbox == CONTACT["email"])

    assert (refused.tells, left.tells.keys()) == ({}, theirs.tells.keys())


async def test_as_long_as_the_address_stays_it_is_sealed_and_counted_once() -> None:
    scene, own_key = Scene(), new_key()
    link = await asks(scene, own_key)
    before = await scene.dependencies.open_draft(link)

    await look(scene, own_key)

    after = await scene.dependencies.open_draft(link)
    assert before is not None
    assert after is not None
    assert after.box == before.box
