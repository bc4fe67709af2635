"""Whoever had a draft before somebody else goes on with it must not read what is typed from then on."""

import asyncio
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from services.intake.domain.draft import Draft
from services.intake.domain.draft_encryption import new_key
from tests.services.intake.browser import FORM, browser, fill, post, send
from tests.services.intake.builders import CANARY, CONTACT, answers, brochure_only
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio
VICTIM = {**CONTACT, "company": "被害見本商会", "email": "victim@example.co.jp"}


async def ask_for_link(client: httpx.AsyncClient, scene: Scene, email: str = "victim@example.co.jp") -> str:
    """A draft with nothing in it, and the path of the link to it that the agency mails."""
    await client.post(f"{FORM}start")
    await client.post(f"{FORM}save", data={"email": email})
    return urlsplit(scene.mailed[-1]).path


async def test_who_had_a_link_mailed_to_somebody_else_reads_nothing_of_what_they_type(scene: Scene) -> None:
    """The link gave out the asker's own key: their cookie read company and phone of the one who got the mail."""
    async with browser(scene) as asker, browser(scene) as victim:
        path = await ask_for_link(asker, scene)
        await victim.post(path)
        await victim.post(f"{FORM}contact", data=VICTIM)

        pages = [await asker.get(f"{FORM}{page}") for page in ("", "contact", "wishes", "confirm", "save", "copy.pdf")]
        theirs = await victim.get(f"{FORM}contact")

    assert VICTIM["company"] in theirs.text
    assert not [page for page in pages if VICTIM["company"] in page.text or page.status_code == 303]


async def test_the_old_device_is_told_where_the_form_went(scene: Scene) -> None:
    async with browser(scene) as old, browser(scene) as new:
        path = await ask_for_link(old, scene)
        await new.post(path)

        replies = [
            await old.get(f"{FORM}contact"),
            await old.post(f"{FORM}contact", data=VICTIM),
            await old.post(f"{FORM}confirm"),
            await old.get(f"{FORM}save"),
        ]
        start = await old.get(FORM)
        again = await post(old, f"{FORM}start", {})

    assert [reply.status_code for reply in replies] == [410] * 4
    assert all("別の端末で続けられています" in reply.text for reply in replies)
    assert "別の端末で続けられています" in start.text
    assert again.url.path == f"{FORM}contact"


async def test_every_page_says_that_the_form_was_begun_on_another_device(scene: Scene) -> None:
    """A person who gets such a mail without having asked for it must be able to see what is odd."""
    async with browser(scene) as old, browser(scene) as new:
        path = await ask_for_link(old, scene)
        offer = await new.get(path)
        await new.post(path)
        passed = await fill(new, answers())
        pages = [await new.get(f"{FORM}{page}") for page in (*passed, "contact", "confirm")]

    assert "途中保存した端末では続けられなくなります" in offer.text
    assert all("このフォームは別の端末で始められました" in page.text for page in pages)


async def test_of_many_who_use_a_link_at_once_one_gets_the_form(scene: Scene) -> None:
    async with browser(scene) as asker:
        path = await ask_for_link(asker, scene)
    clients = [browser(scene) for _ in range(12)]
    opened = [await client.__aenter__() for client in clients]

    replies = await asyncio.gather(*(client.post(path) for client in opened))

    assert sorted(reply.status_code for reply in replies) == [303] + [410] * 11
    assert len(scene.ledger.drafts.kept) == 1
    for client in clients:
        await client.__aexit__(None, None, None)


async def ask_colleague_and_for_link(old: httpx.AsyncClient, scene: Scene) -> tuple[str, str]:
    """The path of the colleague's page about history, and of the link to go on elsewhere."""
    await old.post(f"{FORM}start")
    await old.post(f"{FORM}contact", data=CONTACT)
    await old.post(f"{FORM}wishes", data={"brochure": "none", "quote": "yes"})
    await old.post(f"{FORM}ask/history")
    asked = urlsplit((await old.get(f"{FORM}ask/history")).text.partition('value="')[2].partition('"')[0]).path
    await old.post(f"{FORM}save", data={"email": CANARY["email"]})
    return asked, urlsplit(scene.mailed[-1]).path


async def test_what_was_asked_of_a_colleague_goes_along(scene: Scene) -> None:
    """Whoever begins at the desk, asks a colleague and goes on at home must not lose the answer; nobody is told twice.

    The page of the link says so before, without anything that was typed.
    """
    async with browser(scene) as old, browser(scene) as new, browser(scene) as colleague:
        asked, path = await ask_colleague_and_for_link(old, scene)
        offer = await new.get(path)
        await new.post(path)

        await colleague.post(asked, data={"turnover": "500,000", "incidents": "no"})

        assert "回答が届きました" in (await new.get(f"{FORM}history")).text
    assert "お願いした覚えがない場合は" in offer.text
    assert CONTACT["company"] not in offer.text


async def test_whoever_asked_nobody_takes_back_what_was_asked_before_the_form_came(scene: Scene) -> None:
    """Who plants a form keeps the link of its colleague: they could answer in it, and read what a colleague typed there
    to whom the new owner had sent the same link.
    """
    async with browser(scene) as planter, browser(scene) as victim:
        asked, path = await ask_colleague_and_for_link(planter, scene)
        await victim.post(path, data={"withdraw": "1"})
        answered = await planter.post(asked, data={"turnover": "1", "incidents": "no"})
        history = await victim.get(f"{FORM}history")

    assert answered.status_code == 410
    assert "回答が届きました" not in history.text
    assert "回答待ち" not in history.text


async def test_a_colleague_who_was_asked_before_overwrites_no_page_that_was_answered_since(scene: Scene) -> None:
    """The link stays open only for pages that wait: whoever answers one after the hand-over ends its link by it."""
    async with browser(scene) as planter, browser(scene) as victim:
        asked, path = await ask_colleague_and_for_link(planter, scene)
        await victim.post(path)
        await victim.post(f"{FORM}history", data={"turnover": "500,000", "incidents": "no"})
        late = await planter.post(asked, data={"turnover": "1", "incidents": "no"})

        assert late.status_code == 410
        assert "500,000" in (await victim.get(f"{FORM}history")).text


async def test_where_nobody_was_asked_and_on_the_same_device_nothing_is_said_of_colleagues(scene: Scene) -> None:
    async with browser(scene) as old, browser(scene) as new:
        plain = await new.get(await ask_for_link(old, scene))
        _, path = await ask_colleague_and_for_link(old, scene)
        own = await old.get(path)

    assert "社内の方に回答を" not in plain.text
    assert "社内の方に回答を" not in own.text


async def test_a_link_opens_nothing_under_another_product(scene: Scene) -> None:
    async with browser(scene) as client:
        path = await ask_for_link(client, scene)
        token = path.rpartition("/")[2]

        assert await scene.dependencies.resume_draft.find("another-product", token) is None
        assert await scene.dependencies.resume_draft.find("cyber-security", token) is not None


async def test_a_used_link_says_how_to_go_on(scene: Scene) -> None:
    async with browser(scene) as asker, browser(scene) as client:
        path = await ask_for_link(asker, scene)
        await client.post(path)

        again = await client.get(path)
        twice = await client.post(path)
    async with browser(scene) as elsewhere:
        late = await elsewhere.get(path)

    assert [reply.status_code for reply in (again, twice, late)] == [410] * 3
    assert f'href="{FORM}contact">入力を続ける</a>' in again.text
    assert f'href="{FORM}contact">入力を続ける</a>' in twice.text
    assert "「入力を続ける」からお進みください" in late.text


async def test_a_link_that_is_opened_where_it_was_asked_for_says_nothing_of_another_device(scene: Scene) -> None:
    async with browser(scene) as client:
        await client.post(f"{FORM}start")
        await client.post(f"{FORM}contact", data=CONTACT)
        await client.post(f"{FORM}save", data={"email": CANARY["email"]})
        path = urlsplit(scene.mailed[-1]).path

        pages = [await client.get(path), await post(client, path, {}), await client.get(f"{FORM}contact")]

    assert [page.status_code for page in pages] == [200] * 3
    assert not [page for page in pages if "端末で" in page.text or "別の内容" in page.text]


async def test_a_link_says_what_it_puts_an_end_to_in_this_browser(scene: Scene) -> None:
    async with browser(scene) as asker, browser(scene) as client:
        path = await ask_for_link(asker, scene)
        await client.post(f"{FORM}start")
        await client.post(f"{FORM}contact", data=CONTACT)

        assert "入力中の別の内容があります" in (await client.get(path)).text


class TestOverHttps:
    """No other site of the same domain can set a cookie whose name begins with `__Host-`."""

    @pytest.fixture
    def scene(self) -> Scene:
        return Scene(public_url="https://intake.test")

    async def test_the_cookie_is_the_host_s_and_says_its_product(self, scene: Scene) -> None:
        async with browser(scene) as client:
            reply = await client.post(f"{FORM}start")

        cookie = next(one for one in reply.headers.get_list("Set-Cookie") if one.startswith("__Host-"))
        name, _, rest = cookie.partition("=")
        assert name == "__Host-mitsumori_draft.cyber-security"
        assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= {part.strip() for part in rest.split(";")}
        assert "Domain" not in cookie

    async def test_a_draft_of_the_version_before_goes_on_under_a_new_key(self, scene: Scene) -> None:
        key = new_key()
        await scene.dependencies.save_draft(key, Draft(typed={"company": "見本商会"}, passed=("contact",)))
        before = {"Cookie": f"mitsumori_draft={key}"}
        async with browser(scene) as client:
            shown = await client.get(f"{FORM}contact", headers=before)
            await client.post(f"{FORM}contact", data=CONTACT, headers=before)
            after = await client.get(f"{FORM}contact")

        assert "見本商会" in shown.text
        assert CANARY["company"] in after.text
        assert await scene.dependencies.open_draft(key) is None

    async def test_a_cookie_that_a_neighbour_has_planted_opens_nothing_of_what_is_typed_next(
        self, scene: Scene
    ) -> None:
        """Such a draft was begun by whoever planted it; the first page that is sent leaves it for good."""
        async with browser(scene) as attacker:
            await attacker.post(f"{FORM}start")
            planted = attacker.cookies["__Host-mitsumori_draft.cyber-security"]
            async with browser(scene) as victim:
                await victim.post(f"{FORM}contact", data=VICTIM, headers={"Cookie": f"mitsumori_draft={planted}"})

            assert VICTIM["company"] not in (await attacker.get(f"{FORM}contact")).text
        assert planted not in [cookie.value for cookie in victim.cookies.jar]

    async def test_a_planted_cookie_opens_no_draft_that_was_begun_since_the_update(self, scene: Scene) -> None:
        """A sister domain sets `mitsumori_draft` for all of example.co.jp: its customer typed into its own draft.

        Nothing said so, and the links that it had given to its own colleagues went on working.
        """
        async with browser(scene) as attacker:
            await attacker.post(f"{FORM}start")
            await attacker.post(f"{FORM}contact", data=CONTACT)
            planted = {"Cookie": f"mitsumori_draft={attacker.cookies['__Host-mitsumori_draft.cyber-security']}"}
            async with browser(scene) as victim:
                shown = await victim.get(f"{FORM}contact", headers=planted)
                await victim.post(f"{FORM}contact", data=VICTIM, headers=planted)
                own = await victim.get(f"{FORM}contact")
            theirs = await attacker.get(f"{FORM}contact")

        assert CANARY["company"] not in shown.text
        assert VICTIM["company"] in own.text
        assert "別の端末" not in own.text
        assert CANARY["company"] in theirs.text

    async def test_also_a_draft_that_was_moved_by_a_link_cannot_be_planted(self, scene: Scene) -> None:
        async with browser(scene) as attacker, browser(scene) as victim:
            await attacker.post(f"{FORM}start")
            await attacker.post(f"{FORM}contact", data=CONTACT)
            await attacker.post(f"{FORM}save", data={"email": CANARY["email"]})
            await attacker.post(urlsplit(scene.mailed[-1]).path)
            moved = attacker.cookies["__Host-mitsumori_draft.cyber-security"]

            shown = await victim.get(f"{FORM}contact", headers={"Cookie": f"mitsumori_draft={moved}"})

        assert CANARY["company"] not in shown.text

    async def test_a_draft_of_the_version_before_says_that_somebody_else_may_have_begun_it(self, scene: Scene) -> None:
        """Whoever kept one from before the update can plant it for 14 days. Nothing of theirs may go on with it."""
        key, colleague, link = new_key(), new_key(), "a link that was mailed"
        await scene.dependencies.save_draft(colleague, Draft(typed={}, only="history"))
        begun = Draft(typed={**CONTACT}, passed=("contact",), asked={"history": colleague}, link=link)
        await scene.dependencies.save_draft(key, begun)
        before = {"Cookie": f"mitsumori_draft={key}"}
        async with browser(scene) as client:
            shown = await client.get(f"{FORM}contact", headers=before)
            await client.post(f"{FORM}contact", data=VICTIM, headers=before)
            after = await client.get(f"{FORM}contact")
            asked = await client.get(f"{FORM}help/{colleague}")
            kept = await scene.dependencies.open_draft(client.cookies["__Host-mitsumori_draft.cyber-security"])

        assert all("このフォームは別の端末で始められました" in page.text for page in (shown, after))
        assert asked.status_code == 410
        assert kept
        assert (kept.asked, kept.link, kept.is_handed_over) == ({}, None, True)

    async def test_an_answer_that_a_colleague_has_sent_before_the_update_is_kept(self, scene: Scene) -> None:
        key, colleague = new_key(), new_key()
        history = {"turnover": "500,000", "incidents": "no"}
        await scene.dependencies.save_draft(colleague, Draft(typed={**history}, only="history", passed=("history",)))
        await scene.dependencies.save_draft(key, Draft(typed={**CONTACT}, asked={"history": colleague}))
        async with browser(scene) as client:
            await client.post(f"{FORM}contact", data=CONTACT, headers={"Cookie": f"mitsumori_draft={key}"})
            kept = await scene.dependencies.open_draft(client.cookies["__Host-mitsumori_draft.cyber-security"])

        assert kept
        assert kept.typed["turnover"] == "500,000"

    async def test_a_mailed_link_to_a_planted_draft_says_the_same(self, scene: Scene) -> None:
        """With its key planted beforehand, the victim's browser counted as the one that had begun it."""
        key = new_key()
        await scene.dependencies.save_draft(key, Draft(typed={"company": "見本商会"}, passed=("contact",)))
        draft = await scene.dependencies.open_draft(key)
        assert draft
        product = scene.dependencies.products["cyber-security"]
        await scene.dependencies.mail_resume_link(product, key, draft, "victim@example.co.jp")
        path, planted = urlsplit(scene.mailed[-1]).path, {"Cookie": f"mitsumori_draft={key}"}
        async with browser(scene) as victim:
            offer = await victim.get(path, headers=planted)
            await victim.post(path, headers=planted)
            page = await victim.get(f"{FORM}contact")

        assert "途中保存した端末では続けられなくなります" in offer.text
        assert "入力中の別の内容" not in offer.text
        assert "このフォームは別の端末で始められました" in page.text

    @pytest.mark.parametrize("order", ["first", "last"])
    @pytest.mark.parametrize("smuggled", [b"\x85", b"\xa0", b"\x1f", b"\x0b", b"\t", b""])
    async def test_no_planted_cookie_passes_for_the_host_s_own(self, scene: Scene, smuggled: bytes, order: str) -> None:
        """Browsers guard `__Host-…` by its first letters. With a space of Python's before them, which Starlette takes
        off, or sent as a cookie without a name, it came from a sister domain.
        """
        name = b"__Host-mitsumori_draft.cyber-security="
        async with browser(scene) as attacker, browser(scene) as victim:
            await attacker.post(f"{FORM}start")
            await attacker.post(f"{FORM}contact", data=CONTACT)
            await victim.post(f"{FORM}start")
            await victim.post(f"{FORM}contact", data=VICTIM)
            theirs, own = (one.cookies[name[:-1].decode()].encode() for one in (attacker, victim))
            victim.cookies.clear()
            cookies = [smuggled + name + theirs, name + own]
            sent = b"; ".join(cookies if order == "first" else cookies[::-1])

            shown = await victim.get(f"{FORM}contact", headers=[(b"Cookie", sent)])

        assert CANARY["company"] not in shown.text
        # Of two with the very same name nobody can tell which is ours.
        assert (VICTIM["company"] in shown.text) == bool(smuggled)

    async def test_everything_is_forgotten_whichever_cookie_it_was(self, scene: Scene) -> None:
        key = new_key()
        await scene.dependencies.save_draft(key, Draft(typed={"company": "見本商会"}))
        async with browser(scene) as client:
            await client.post(f"{FORM}forget", headers={"Cookie": f"mitsumori_draft={key}"})

        assert scene.ledger.drafts.kept == {}


@pytest.mark.parametrize("ending", ["forget", "afresh", "send"])
async def test_what_colleagues_were_asked_ends_with_the_form(scene: Scene, ending: str) -> None:
    """The colleague's page, with the company's security answers, stayed open for 14 days after 「消去する」."""
    async with browser(scene) as client:
        await fill(client, answers())
        await client.post(f"{FORM}ask/policy")
        asked = urlsplit((await client.get(f"{FORM}ask/policy")).text.partition('value="')[2].partition('"')[0]).path
        open_before = (await client.get(asked)).status_code

        if ending == "send":
            await send(client)
        else:
            await client.post(f"{FORM}{'forget' if ending == 'forget' else 'start'}", data={"afresh": "1"})

        assert open_before == 200
        assert (await client.get(asked)).status_code == 410


async def test_a_draft_that_was_handed_over_is_kept_for_a_day(scene: Scene) -> None:
    async with browser(scene) as asker, browser(scene) as client:
        path = await ask_for_link(asker, scene)
        await client.post(path)
        scene.clock.forward(timedelta(hours=23))

        assert (await client.get(f"{FORM}contact")).status_code == 200
        await fill(client, brochure_only())
        await send(client)

    assert len(scene.requests) == 1
