"""Drafts are strangers' bytes in our database: each one is small, and there are not too many."""

import asyncio
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest
from prometheus_client import REGISTRY

from services.intake.domain.draft import Draft
from services.intake.domain.draft_encryption import encrypt_draft, new_key, stored_id
from services.intake.domain.kept import kept
from services.intake.usecases.save_draft import MOST_BYTES, DraftTooLarge
from tests.services.intake.browser import FORM, browser, errors, post
from tests.services.intake.builders import CONTACT, a_product
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


def size(scene: Scene) -> int:
    return max(len(encrypted) for encrypted, _ in scene.ledger.drafts.kept.values())


async def test_three_hundred_doubtful_answers_leave_a_small_draft(client: httpx.AsyncClient, scene: Scene) -> None:
    """What was typed was kept for each doubt, for ever: 16 MB after 277 posts, and each tiny GET cost 45 ms."""
    await client.post(f"{FORM}start")
    for number in range(300):
        email = f"a{number}@gmail.con" + " " * 200
        await client.post(f"{FORM}contact", data={**CONTACT, "email": email})

    assert size(scene) < 10_000
    assert 'value="a299@gmail.con' in (await client.get(f"{FORM}contact")).text


async def test_typed_text_is_cut_before_it_is_kept_and_is_too_long_all_the_same(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await client.post(f"{FORM}start")

    reply = await post(client, f"{FORM}contact", {**CONTACT, "company": "社" * 3_000, "brochure": "x" * 5_000})

    assert errors(reply) == ["企業名は100文字以内で入力してください"]
    assert f'value="{"社" * 400}"' in reply.text
    assert size(scene) < 10_000


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("あ" + " " * 5_000 + "い", id="blanks that are tidied to one"),
        pytest.param("あ" + "\u3000" * 5_000 + "い", id="wide blanks"),
    ],
)
async def test_what_is_cut_never_becomes_an_answer_that_nobody_has_given(client: httpx.AsyncClient, typed: str) -> None:
    await client.post(f"{FORM}start")

    reply = await post(client, f"{FORM}contact", {**CONTACT, "company": typed})

    assert errors(reply) == ["企業名は100文字以内で入力してください"]


async def test_blanks_around_an_answer_are_no_part_of_it(client: httpx.AsyncClient) -> None:
    await client.post(f"{FORM}start")

    reply = await post(client, f"{FORM}contact", {**CONTACT, "company": " " * 9_000 + "見本商会" + " " * 9_000})

    assert reply.url.path == f"{FORM}wishes"


async def test_a_list_with_ten_thousand_values_is_cut_and_still_wrong(client: httpx.AsyncClient, scene: Scene) -> None:
    await client.post(f"{FORM}start")
    lists: dict[str, Any] = {"quote": [f"{number}" for number in range(350)], "brochure": "email"}

    reply = await client.post(f"{FORM}wishes", data=lists)

    assert "check" in reply.headers["Location"]
    assert size(scene) < 2_000


async def test_a_draft_that_is_too_large_is_refused(scene: Scene) -> None:
    draft = Draft(typed={"company": "x" * MOST_BYTES})

    with pytest.raises(DraftTooLarge):
        await scene.dependencies.save_draft(new_key(), draft)
    async with browser(scene) as client:
        await client.post(f"{FORM}start")
        key = client.cookies["mitsumori_draft"]
        stored, (_, until) = next(iter(scene.ledger.drafts.kept.items()))
        scene.ledger.drafts.kept[stored] = (encrypt_draft(key, draft), until)
        reply = await client.post(f"{FORM}wishes", data={"brochure": "email"})

    assert reply.status_code == 413
    assert "送信内容が大きすぎます" in reply.text


async def test_a_draft_of_the_version_before_that_has_grown_shrinks_when_it_is_asked_about(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await client.post(f"{FORM}start")
    key = client.cookies["mitsumori_draft"]
    grown = Draft(typed=dict(CONTACT), doubted=tuple(f"email=a{number}@gmail.con {'x' * 500}" for number in range(300)))
    stored, (_, until) = next(iter(scene.ledger.drafts.kept.items()))
    scene.ledger.drafts.kept[stored] = (encrypt_draft(key, grown), until)

    await client.post(f"{FORM}contact", data={**CONTACT, "email": "a@gmail.con"})

    assert size(scene) < 10_000


async def test_new_forms_are_counted_whichever_page_they_begin_with(scene: Scene) -> None:
    """Only the start page was counted: 200 drafts of 60 KB in seven seconds by posting to another one."""
    async with browser(scene, "203.0.113.7") as client:
        replies = []
        for _ in range(121):
            client.cookies.clear()
            replies.append(await client.post(f"{FORM}contact", data={"company": "見本商会"}))

    assert [reply.status_code for reply in replies] == [303] * 120 + [429]
    assert 'value="見本商会"' in replies[-1].text
    assert "入力された内容はこの画面に残っています" in replies[-1].text
    assert len(scene.ledger.drafts.kept) == 120


async def test_going_on_with_a_form_is_not_counted_as_beginning_one(scene: Scene) -> None:
    async with browser(scene, "203.0.113.7") as client:
        statuses = {(await client.post(f"{FORM}start")).status_code for _ in range(130)}

    assert statuses == {303}


async def test_nothing_is_counted_for_the_statistics_without_a_start(client: httpx.AsyncClient, scene: Scene) -> None:
    """Each such step stays for 400 days."""
    await client.post(f"{FORM}contact", data={"company": "見本商会"})
    await client.post(f"{FORM}contact", data=CONTACT)

    assert scene.ledger.steps.kept == []


@pytest.mark.parametrize(("typed", "hours"), [(CONTACT, 24), ({"company": "見本商会"}, 1)])
async def test_a_form_whose_first_page_was_never_right_is_kept_for_an_hour(
    client: httpx.AsyncClient, scene: Scene, typed: dict[str, str], hours: int
) -> None:
    await client.post(f"{FORM}start")
    await client.post(f"{FORM}contact", data=typed)

    [(_, until)] = scene.ledger.drafts.kept.values()

    assert until - scene.clock.time == timedelta(hours=hours)


async def test_when_too_many_forms_are_stored_no_other_is_begun_and_an_alarm_rings(scene: Scene) -> None:
    scene.most_drafts = 2
    async with browser(scene) as first, browser(scene) as late:
        for _ in range(2):
            await first.post(f"{FORM}start", data={"afresh": "1"})
        await scene.dependencies.save_draft(new_key(), Draft())
        scene.clock.forward(timedelta(seconds=10))

        refused = [await late.post(f"{FORM}start"), await late.post(f"{FORM}contact", data=CONTACT)]
        goes_on = await first.post(f"{FORM}contact", data=CONTACT)

        assert [reply.status_code for reply in refused] == [503, 503]
        assert goes_on.status_code == 303
        assert REGISTRY.get_sample_value("drafts_full") == 1
        await first.post(f"{FORM}forget")
        scene.clock.forward(timedelta(seconds=10))
        assert (await late.post(f"{FORM}start")).status_code == 303
    assert REGISTRY.get_sample_value("drafts_full") == 0


async def test_when_too_many_forms_are_stored_no_colleague_is_asked_either(scene: Scene) -> None:
    """What a colleague types is a draft, kept for 14 days: only those who begin were counted."""
    scene.most_drafts = 2
    async with browser(scene) as client:
        await client.post(f"{FORM}start")
        asked = await client.post(f"{FORM}ask/policy")
        scene.clock.forward(timedelta(seconds=10))

        refused = await client.post(f"{FORM}ask/history")

    assert [asked.status_code, refused.status_code] == [303, 503]
    assert len(scene.ledger.drafts.kept) == 2


async def test_links_to_colleagues_are_counted_also_those_that_are_lost_at_the_same_moment(scene: Scene) -> None:
    """Fifty posts at once to one form's page for a colleague left fifty drafts for 14 days, to which nothing led.

    Each made its draft before it was seen that another had saved the form. Nothing counted them, so that one customer
    could have filled the database, and nobody else would have begun a form for two weeks.
    """
    async with browser(scene, "203.0.113.7") as client:
        await client.post(f"{FORM}start")
        scene.ledger.drafts.is_slow = True

        await asyncio.gather(*(client.post(f"{FORM}ask/policy") for _ in range(100)))

        refused = await client.post(f"{FORM}ask/policy")

    assert len(scene.ledger.drafts.kept) <= 1 + 60
    assert refused.status_code == 429
    assert "すでにお作りしたリンクは残っています" in refused.text


WORST: Final = {
    "control characters, which JSON writes in six bytes": "\x01" * 8_000,
    "characters of four bytes": "\U00020000" * 8_000,
    "quotes, which JSON writes in two bytes": '"' * 8_000,
}


@pytest.mark.parametrize("worst", WORST.values(), ids=WORST.keys())
@pytest.mark.parametrize("times", [1, 40], ids=["once", "as a list"])
async def test_a_draft_full_of_the_worst_text_stays_below_its_limit(scene: Scene, worst: str, times: int) -> None:
    """Choices were kept like texts: 231 KB in one draft, and 46 GB in as many as there may be, where 2 GB were said.

    Every field of the form, the mailbox for a link, another window's answers and every page's link to a colleague.
    """
    form = a_product().form
    texts = [f"{number}{worst}" for number in range(times)]
    sent = texts[0] if times == 1 else texts
    questions = [*form.questions, *form.confirm]
    largest = max(form.pages, key=lambda page: sum(question.max_length or 0 for question in page.questions))
    shown = {*largest.questions, *(question for question in form.questions if question.choices)}
    slugs = [page.slug for page in form.pages]
    draft = Draft(
        typed=kept(questions, {question.key: sent for question in questions}) | {"_to": worst[:400]},
        elsewhere=kept(shown, {question.key: sent for question in shown}),
        passed=tuple(slugs),
        asked={slug: new_key() for slug in slugs},
        heard={slug: new_key() for slug in slugs},
        begun_at=scene.clock().isoformat(),
        link=stored_id(new_key()),
    ).asked_about(question.key for question in questions)

    await scene.dependencies.save_draft(new_key(), draft)

    assert 20_000 < size(scene) <= MOST_BYTES
