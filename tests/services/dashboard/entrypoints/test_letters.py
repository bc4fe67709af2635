"""Letters as they were sent: staff ask for one, read it on the page of its case, and open the files that go with it."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from httpx import AsyncClient, Response
from structlog.testing import capture_logs

from services.dashboard.domain.facts import Fact
from services.dashboard.domain.letter_copy import KEPT_FOR, SLOW_AFTER
from services.dashboard.domain.roles import Role
from shared.events import LetterKind
from tests.services.dashboard.builders import (
    COPY,
    PDF,
    REQUEST,
    a_file,
    a_letter_asked_for,
    a_letter_copied,
    a_letter_failed,
    a_letter_not_made,
    a_letter_sent,
    a_request,
    an_offer,
)
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, text

pytestmark = pytest.mark.anyio

CASE = f"/cases/{REQUEST}"
LETTER = f"{CASE}/letters/{REQUEST}:quote"
BUTTON = "送信した文面を見る"


async def a_desk(*more: Fact) -> InMemoryDashboard:
    dashboard = InMemoryDashboard()
    for fact in (a_request(), an_offer(), *(more or [a_letter_sent()])):
        await dashboard.cases.add(fact)
    return dashboard


async def ask(browser: AsyncClient, letter: str = LETTER) -> Response:
    return await browser.post(f"{letter}/copy", headers=FROM_OWN_PAGE)


async def test_a_letter_is_asked_for_once_and_shown_as_it_was_sent_when_it_has_come() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        before = text(await browser.get(CASE))
        answers = [await ask(browser) for _ in range(2)]
        waiting = text(await browser.get(CASE))
        asked = list(dashboard.copies.asked.values())
        await dashboard.copies.add(a_letter_copied(attachments=[a_file()]))
        page = await browser.get(CASE)

    assert BUTTON in before
    assert [(answer.status_code, answer.headers["location"]) for answer in answers] == [(303, f"{CASE}#letters")] * 2
    assert [(one.letter_id, one.asked_by) for one in asked] == [(f"{REQUEST}:quote", "desk")]
    assert [act for act, *_ in dashboard.audit.acts].count("asked-for-letter") == 1
    assert "文面を取り寄せています" in waiting
    assert BUTTON not in waiting
    for words in (COPY["subject"], COPY["to"], COPY["sender"], "11月23日 12:00", "mitsumori-K7M2P4XR-1.pdf"):
        assert words in text(page)
    assert COPY["text"] in page.text
    assert "文面を取り寄せています" not in text(page)


async def test_asking_changes_nothing_of_the_case() -> None:
    dashboard = await a_desk()
    before = dict(dashboard.cases.facts)

    async with dashboard.browser() as browser:
        await ask(browser)
        await dashboard.copies.add(a_letter_copied())
        await browser.get(CASE)

    assert dashboard.cases.facts == before


async def test_what_has_not_come_after_a_minute_says_what_to_do_and_still_comes() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        await ask(browser)
        dashboard.time += SLOW_AFTER - timedelta(seconds=1)
        soon = text(await browser.get(CASE))
        dashboard.time += timedelta(seconds=1)
        late = text(await browser.get(CASE))
        await dashboard.copies.add(a_letter_copied())
        come = text(await browser.get(CASE))

    assert "1分たっても文面が届いていません" not in soon
    assert "1分たっても文面が届いていません" in late
    assert "システムの管理者にお知らせください" in late
    assert COPY["subject"] in come


async def test_a_copy_that_is_gone_after_some_days_can_be_asked_for_again() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        await ask(browser)
        await dashboard.copies.add(a_letter_copied())
    dashboard.time += KEPT_FOR + timedelta(minutes=1)
    async with dashboard.browser() as browser:
        later = text(await browser.get(CASE))
        await ask(browser)

    assert BUTTON in later
    assert COPY["subject"] not in later
    assert len(dashboard.copies.asked) == 2


@pytest.mark.parametrize(
    ("missing", "words"), [("gone", "保存期間が過ぎたか、削除されたため"), ("of-tomorrow", "表示できません")]
)
async def test_a_letter_that_is_not_kept_any_more_is_said_to_be(missing: str, words: str) -> None:
    dashboard = await a_desk()
    await dashboard.copies.add(a_letter_copied(missing=missing))

    async with dashboard.browser() as browser:
        page = text(await browser.get(CASE))

    assert words in page
    assert BUTTON not in page


async def test_a_letter_that_this_desk_cannot_open_hides_nothing_else() -> None:
    dashboard = await a_desk(a_letter_sent(), a_letter_sent("receipt"))
    stranger = a_letter_copied().parcels["desk"].model_copy(update={"key": "desk-9"})
    await dashboard.copies.add(a_letter_copied("receipt").model_copy(update={"parcels": {"desk": stranger}}))
    await dashboard.copies.add(a_letter_copied())

    async with dashboard.browser() as browser:
        page = text(await browser.get(CASE))

    assert "この文面は開封できません（unknown-key）" in page
    assert COPY["subject"] in page


@pytest.mark.parametrize(
    "letter", [f"{CASE}/letters/nothing", f"/cases/nobody/letters/{REQUEST}:quote", f"{CASE}/letters/{REQUEST}:desk"]
)
async def test_nothing_else_can_be_asked_for(letter: str) -> None:
    """Notify would look for it, and would be right not to find it."""
    dashboard = await a_desk(a_letter_sent(), a_letter_not_made("desk"))

    async with dashboard.browser() as browser:
        answer = await ask(browser, letter)

    assert answer.status_code == 409
    assert dashboard.copies.asked == {}


async def test_a_letter_that_was_not_sent_says_why_there_is_no_text_of_it() -> None:
    dashboard = await a_desk(a_letter_sent("receipt"), a_letter_not_made("desk"))

    async with dashboard.browser() as browser:
        page = await browser.get(CASE)

    rows = [text(Response(200, text=row)) for row in re.findall(r"<tr role.*?</tr>", page.text, re.DOTALL)]
    [waiting] = [row for row in rows if "未送信" in row and "順番" in row]
    [not_made] = [row for row in rows if "作成失敗" in row]
    [sent] = [row for row in rows if "送信済" in row]
    assert "送信の順番か、再送を待っています" in waiting
    assert "送信すると、ここから見られます" in waiting
    assert "作成されていないため、ありません" in not_made
    assert BUTTON in sent
    assert [BUTTON in row for row in (waiting, not_made)] == [False, False]


async def test_a_letter_that_waits_for_staff_says_so_and_promises_no_time() -> None:
    dashboard = InMemoryDashboard()
    for fact in (a_request(suspicions=("honeypot",)), an_offer()):
        await dashboard.cases.add(fact)

    async with dashboard.browser() as browser:
        page = text(await browser.get(CASE))

    assert "受付のお知らせ（お客さま宛） 停止中" in page
    assert "送信すると、ここから見られます" in page
    assert "くり返し送信します" not in page


async def test_html_and_scripts_of_a_letter_are_shown_as_text() -> None:
    hostile: dict[str, Any] = {
        "subject": "<script>alert(1)</script>",
        "text": "<img src=x onerror=alert(2)>\u202eあ",
        "attachments": [a_file(name='"><script>.pdf')],
    }
    dashboard = await a_desk()
    await dashboard.copies.add(a_letter_copied(**hostile))

    async with dashboard.browser() as browser:
        page = (await browser.get(CASE)).text

    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(2)&gt;〔U+202E〕あ" in page
    assert "&#34;&gt;&lt;script&gt;.pdf" in page


async def test_a_file_is_saved_as_it_was_sent_and_can_do_nothing_in_a_browser() -> None:
    dashboard = await a_desk()
    await dashboard.copies.add(a_letter_copied(attachments=[a_file()]))

    async with dashboard.browser() as browser:
        answer = await browser.get(f"{LETTER}/files/0")

    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="mitsumori-K7M2P4XR-1.pdf"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert {"sandbox", "default-src 'none'"} <= set(answer.headers["content-security-policy"].split("; "))
    assert ("opened-document", "desk", f"{REQUEST}:quote/0") in dashboard.audit.abouts


async def test_a_file_is_saved_under_the_japanese_name_that_the_customer_saw() -> None:
    dashboard = await a_desk()
    file = a_file(name="20261123_御見積書_株式会社\u202e見本_K7M2P4XR-1.pdf")
    await dashboard.copies.add(a_letter_copied(attachments=[file]))

    async with dashboard.browser() as browser:
        answer = await browser.get(f"{LETTER}/files/0")

    plain, _, shown = answer.headers["content-disposition"].partition("; filename*=UTF-8''")
    assert plain == 'attachment; filename="20261123_K7M2P4XR-1.pdf"'
    assert unquote(shown) == "20261123_御見積書_株式会社見本_K7M2P4XR-1.pdf"


async def test_what_says_to_be_something_else_than_a_pdf_is_never_shown_as_that() -> None:
    """Anybody who has the desk's public key can seal a parcel."""
    page = {**a_file(b"<script>alert(1)</script>", name='a"\r\nSet-Cookie: x=1.html'), "media_type": "text/html"}
    dashboard = await a_desk()
    await dashboard.copies.add(a_letter_copied(attachments=[page]))

    async with dashboard.browser() as browser:
        answer = await browser.get(f"{LETTER}/files/0")

    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="a_Set-Cookie_x_1.html"'


async def test_a_large_brochure_is_the_products_own_file_and_only_if_it_is_the_same() -> None:
    same, other = b"%PDF-1.7 guide", b"%PDF-1.7 of an earlier edition"
    dashboard = await a_desk()
    files = [a_file(same, name="same.pdf", is_there=False), a_file(other, name="other.pdf", is_there=False)]
    await dashboard.copies.add(a_letter_copied(attachments=files))
    dashboard.brochures.files[files[0]["sha256"]] = same

    async with dashboard.browser() as browser:
        page = await browser.get(CASE)
        answers = [await browser.get(f"{LETTER}/files/{number}") for number in range(2)]

    assert [answer.status_code for answer in answers] == [200, 404]
    assert answers[0].content == same
    assert [about for act, _, about in dashboard.audit.abouts if act == "opened-document"] == [f"{REQUEST}:quote/0"]
    assert f'href="{LETTER.replace(":", "%3A")}/files/0"' in page.text
    assert "other.pdf （1 kB、ファイルが大きいため、ここからは開けません）" in text(page)


@pytest.mark.parametrize("place", ["files/1", "files/-1", "files/x"])
async def test_there_is_no_other_file(place: str) -> None:
    dashboard = await a_desk()
    await dashboard.copies.add(a_letter_copied(attachments=[a_file()]))

    async with dashboard.browser() as browser:
        answer = await browser.get(f"{LETTER}/{place}")

    assert answer.status_code in {404, 422}
    assert not [act for act, *_ in dashboard.audit.acts if act == "opened-document"]


async def test_a_file_is_not_opened_under_another_case() -> None:
    dashboard = await a_desk()
    await dashboard.copies.add(a_letter_copied(attachments=[a_file()]))

    async with dashboard.browser() as browser:
        answer = await browser.get(f"/cases/another/letters/{REQUEST}:quote/files/0")

    assert answer.status_code == 404


async def test_who_asked_is_noted_before_anything_is_asked() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        dashboard.audit.away = True
        away = await ask(browser)
        nothing = dict(dashboard.copies.asked)
        dashboard.audit.away = False
        await ask(browser)

    assert (away.status_code, nothing) == (503, {})
    assert ("asked-for-letter", "desk", f"{REQUEST}:quote") in dashboard.audit.abouts


async def test_an_open_page_asks_for_the_letter_until_it_has_come() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        unasked = await browser.get(LETTER)
        await ask(browser)
        page = (await browser.get(CASE)).text
        waiting = await browser.get(LETTER)
        await dashboard.copies.add(a_letter_copied())
        come = await browser.get(LETTER)
        reloaded = (await browser.get(CASE)).text

    assert (unasked.status_code, waiting.status_code, come.status_code) == (404, 204, 200)
    assert f'data-hx-get="{LETTER.replace(":", "%3A")}" data-hx-trigger="every 1s"' in page
    assert COPY["text"] in come.text
    assert "data-hx-trigger" not in come.text + reloaded
    assert ("opened-letter", "desk", f"{REQUEST}:quote") in dashboard.audit.abouts


async def test_a_viewer_reads_what_has_come_and_asks_for_nothing() -> None:
    dashboard = await a_desk()
    await dashboard.copies.add(a_letter_copied(attachments=[a_file()]))
    dashboard.accounts.roles["desk"] = Role.viewer

    async with dashboard.browser() as browser:
        page, file, asked = await browser.get(CASE), await browser.get(f"{LETTER}/files/0"), await ask(browser)

    assert COPY["subject"] in text(page)
    assert (file.status_code, asked.status_code) == (200, 403)


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        pytest.param(
            a_letter_failed(),
            "2回送信を試しました。相手のサーバーが、このメールアドレスはない、または受け取らないと答えました。自動では再送されません。",
            id="no such mailbox",
        ),
        pytest.param(
            a_letter_failed().model_copy(update={"reply_code": 451, "attempts": 80}),
            "80回送信を試しました。相手のサーバーが、一時的に受け取れない状態のままでした。",
            id="not now, for three days",
        ),
        pytest.param(
            a_letter_failed().model_copy(update={"reply_code": None, "attempts": 1}),
            "送信失敗 相手のサーバーにつながりませんでした。",
            id="no answer",
        ),
        pytest.param(
            a_letter_failed().model_copy(update={"reply_code": 599, "attempts": 1}),
            "相手のサーバーが受け取りを断りました。",
            id="a code of its own",
        ),
        pytest.param(
            a_letter_sent().model_copy(update={"attempts": 3}),
            "3回目の送信で、メールサーバーが受け取りました。",
            id="sent at last",
        ),
        pytest.param(a_letter_sent("receipt"), "約3日間、自動でくり返し送信します", id="on its way"),
    ],
)
async def test_the_attempts_are_said_in_words_that_a_clerk_understands(letter: Fact, words: str) -> None:
    dashboard = await a_desk(letter)

    async with dashboard.browser() as browser:
        assert words in text(await browser.get(CASE))


@pytest.mark.parametrize("kind", ["receipt", "quote", "desk"])
async def test_every_letter_that_was_written_can_be_asked_for(kind: LetterKind) -> None:
    dashboard = await a_desk(a_letter_failed(kind))

    async with dashboard.browser() as browser:
        answer = await ask(browser, f"{CASE}/letters/{REQUEST}:{kind}")

    assert answer.status_code == 303
    assert list(dashboard.copies.asked.values()) == [a_letter_asked_for(kind)]


async def test_no_log_holds_what_a_letter_says() -> None:
    dashboard = await a_desk()

    with capture_logs() as lines:
        async with dashboard.browser() as browser:
            await ask(browser)
            await dashboard.copies.add(a_letter_copied(attachments=[a_file()]))
            await browser.get(CASE)
            await browser.get(f"{LETTER}/files/0")

    assert lines
    assert not [words for words in COPY.values() if words and str(words) in str(lines)]
