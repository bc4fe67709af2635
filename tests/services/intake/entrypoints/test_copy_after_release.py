"""控え: it says what was sent, in the words of that moment, whatever is released while it can be asked for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from services.intake.adapters.typst import TypstPapers
from services.intake.domain.draft import Draft
from services.intake.domain.draft_encryption import encrypt_draft
from shared.products.documents import FONTS
from shared.runtime.typst_here import TypstHere
from tests.printed import printed
from tests.services.intake.browser import FORM, browser, fill, send
from tests.services.intake.builders import (
    IT,
    NEW_CHOICE,
    NEW_LABEL,
    NEW_NOTICE,
    NEW_PURPOSE_TEXT,
    NEW_PURPOSE_VERSION,
    NO_BUILDING,
    NOON,
    Edit,
    a_product,
    a_release,
    answers,
)
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio
EVERYTHING = answers(**IT, rider_it="yes", news_opt_in="yes")
RELEASES = [
    pytest.param([NEW_LABEL], id="a question in other words"),
    pytest.param([NEW_CHOICE], id="a choice in other words"),
    pytest.param([NO_BUILDING], id="a question less"),
    pytest.param([NEW_PURPOSE_VERSION], id="another purpose text"),
    pytest.param([NEW_NOTICE], id="another notice"),
    pytest.param([NEW_LABEL, NEW_CHOICE, NO_BUILDING, NEW_PURPOSE_VERSION, NEW_PURPOSE_TEXT], id="all of it"),
]


@asynccontextmanager
async def same_browser(scene: Scene, client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """The browser of *client*, with its cookies, before the program of *scene*."""
    async with browser(scene) as later:
        later.cookies = client.cookies
        yield later


async def stored_by_the_version_before(scene: Scene, client: httpx.AsyncClient) -> None:
    """What was sent, as the version before kept it: the answers, and not the words around them."""
    key = client.cookies["mitsumori_draft"]
    draft = await scene.dependencies.open_draft(key)
    assert draft is not None
    older = Draft(typed=draft.typed, passed=draft.passed, sent=draft.sent)
    [(stored_id, (_, until))] = scene.ledger.drafts.kept.items()
    scene.ledger.drafts.kept[stored_id] = (encrypt_draft(key, older), until)


@pytest.mark.parametrize("edits", RELEASES)
async def test_the_copy_is_the_same_before_and_after_a_release(
    client: httpx.AsyncClient, scene: Scene, tmp_path: Path, edits: list[Edit]
) -> None:
    """It was set anew with today's form: it named a purpose text that nobody had agreed to, and lost answers."""
    await fill(client, EVERYTHING)
    await send(client)
    before = (await client.get(f"{FORM}copy.pdf")).text

    async with same_browser(scene.after_release(a_release(tmp_path, edits)), client) as later:
        after = (await later.get(f"{FORM}copy.pdf")).text

    assert after == before
    for sent in ("企業名: カナリア見本商会", "ビル名等: カナリアタワー", "多要素認証", a_product().privacy.version):
        assert sent in after


async def test_the_copy_bears_the_insurers_name_of_the_day_of_sending(scene: Scene, tmp_path: Path) -> None:
    """The insurer was renamed a week before. The 見積書 had the new name, and the 控え of the same request the old."""
    old = '  - {name: あいおいニッセイ同和損保, since: "2010-10-01"}\n'
    renamed = '  - {name: みほん損保, since: "2026-11-24"}\n  - {name: あした損保, since: "2026-11-25"}\n'
    release = a_release(tmp_path, [("product.yaml", old, old + renamed)])
    async with browser(scene.after_release(release)) as client:
        await fill(client, EVERYTHING)
        await send(client)

        copy = (await client.get(f"{FORM}copy.pdf")).text

    assert "みほん損保" in copy
    assert "ニッセイ" not in copy
    assert "あした損保" not in copy


async def test_the_paper_itself_names_the_text_that_was_agreed_to_and_the_moment_in_japan(tmp_path: Path) -> None:
    scene = Scene(papers=TypstPapers(lambda: NOON, TypstHere(FONTS)))
    async with browser(scene) as client:
        await fill(client, EVERYTHING)
        await send(client)
        before = printed((await client.get(f"{FORM}copy.pdf")).content).text
        release = a_release(tmp_path, [NEW_LABEL, NO_BUILDING, NEW_PURPOSE_VERSION, NEW_NOTICE])
        later_scene = replace(scene.after_release(release), papers=TypstPapers(lambda: NOON, TypstHere(FONTS)))
        async with same_browser(later_scene, client) as later:
            after = printed((await later.get(f"{FORM}copy.pdf")).content).text

    assert after == before
    assert "個人情報の利用目的2026-10-01版に同意されています" in after
    assert a_product().form.version in after
    assert "2026年11月24日12時00分" in after


async def test_a_copy_is_there_without_asking_the_ledger_of_requests(client: httpx.AsyncClient, scene: Scene) -> None:
    await fill(client, EVERYTHING)
    await send(client)
    [request] = scene.requests
    scene.ledger.requests.kept.clear()

    reply = await client.get(f"{FORM}copy.pdf")

    assert request.event.reception_no in reply.text
    assert request.event.reception_no in reply.headers["Content-Disposition"]


async def test_what_the_version_before_has_sent_is_copied_while_its_form_is_the_same(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await fill(client, EVERYTHING)
    await send(client)
    before = (await client.get(f"{FORM}copy.pdf")).text
    await stored_by_the_version_before(scene, client)

    assert (await client.get(f"{FORM}copy.pdf")).text == before


@pytest.mark.parametrize("edits", [[NEW_LABEL], [NO_BUILDING], [NEW_PURPOSE_VERSION]])
async def test_where_the_words_are_no_longer_known_there_is_no_wrong_paper(
    client: httpx.AsyncClient, scene: Scene, tmp_path: Path, edits: list[Edit]
) -> None:
    """A 控え is shown to insurers and courts: one with another consent is worse than none."""
    await fill(client, EVERYTHING)
    await send(client)
    await stored_by_the_version_before(scene, client)

    async with same_browser(scene.after_release(a_release(tmp_path, edits)), client) as later:
        reply = await later.get(f"{FORM}copy.pdf")

    assert reply.status_code == 410
    assert "text/html" in reply.headers["Content-Type"]
    assert scene.requests[0].event.reception_no in reply.text
    assert a_product().agency.phone in reply.text
    assert "再度の送信は不要です" in reply.text


async def test_a_repetition_after_a_release_gets_no_copy_in_words_it_was_not_accepted_in(
    client: httpx.AsyncClient, scene: Scene, tmp_path: Path
) -> None:
    """The request was stored and the draft was not. Sent once more, it is still the request of the form before."""
    await fill(client, EVERYTHING)
    drafts = dict(scene.ledger.drafts.kept)
    first = await send(client)
    scene.ledger.drafts.kept = drafts

    async with same_browser(scene.after_release(a_release(tmp_path, [NEW_LABEL])), client) as later:
        again = await send(later)
        reply = await later.get(f"{FORM}copy.pdf")

    assert again.headers["Location"] == first.headers["Location"]
    assert reply.status_code == 410


async def test_what_is_kept_of_a_request_is_small_and_sealed(client: httpx.AsyncClient, scene: Scene) -> None:
    """The words of every question asked: some ten kilobytes for a day, and not the whole form."""
    await fill(client, EVERYTHING)
    await send(client)

    [(kept, _)] = scene.ledger.drafts.kept.values()

    assert len(kept) < 16_000
    assert "企業名".encode() not in kept
    assert scene.requests[0].event.reception_no.encode() not in kept
