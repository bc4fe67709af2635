"""The PDFs for customers: every question to print, and the copy of what was sent."""

import io
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from services.intake.adapters.typst import PaperNotMade, TypstPapers
from services.intake.domain.copy import CopyGroup, CopyRow
from shared.products.documents import FONTS
from shared.runtime.typst_here import TypstHere
from tests.printed import printed
from tests.services.intake.builders import NOON, a_copy, a_product

pytestmark = pytest.mark.anyio
PRODUCT = a_product()
COPY = a_copy(
    CopyGroup("企業・ご担当者様情報", (CopyRow("企業名", "株式会社𠮷野髙﨑"), CopyRow("担当者名", "#eval(1) *見本*")))
)


@pytest.fixture
def papers() -> TypstPapers:
    return TypstPapers(lambda: NOON, TypstHere(FONTS))


def text_of(content: bytes) -> str:
    return printed(content).everything


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("name", "can_be_printed"),
    [
        ("株式会社𠮷野髙﨑製作所", True),
        ("Société Générale Zürich", True),
        ("葛󠄀城市\n二行目", True),
        ("株式会社𪚥", False),
        ("見本商会😀", False),
        ("〓商会", True),
    ],
)
def test_the_confirmation_knows_what_the_fonts_of_the_papers_lack(
    papers: TypstPapers, name: str, *, can_be_printed: bool
) -> None:
    assert papers.can_print(name) == can_be_printed


async def test_every_question_note_and_choice_can_be_read_on_paper(papers: TypstPapers) -> None:
    text = text_of(await papers.questionnaire(PRODUCT))

    wanted = [
        words
        for question in PRODUCT.form.questions
        for words in (
            *(question.number, question.label, *question.parts, question.opening, question.hint),
            *question.said,
            *(word for choice in question.choices for word in (choice.label, choice.meaning)),
        )
    ]
    assert len(wanted) > 400
    assert not [words for words in wanted if squeezed(words) not in text]
    assert "当代理店からの質問" in text
    assert "千円" in text
    assert PRODUCT.agency.phone in text
    assert squeezed(PRODUCT.privacy.text) in text


async def test_what_the_insurer_says_but_is_not_true_here_is_not_printed(papers: TypstPapers) -> None:
    """The paper told people to click a button that no page of ours has; the pages left the sentence out already."""
    text = text_of(await papers.questionnaire(PRODUCT))

    of_sections = [sentence for page in PRODUCT.form.pages for section in page.sections for sentence in section.unshown]
    unshown = [*of_sections, *(sentence for question in PRODUCT.form.questions for sentence in question.unshown)]
    assert unshown
    assert [sentence.text for sentence in unshown if squeezed(sentence.text) in text] == []


async def test_the_copy_says_what_was_sent_when_and_under_which_number(papers: TypstPapers) -> None:
    text = text_of(await papers.copy(PRODUCT, COPY))

    for needed in ("K7M2P4XR", "2026年11月24日12時00分", "株式会社𠮷野髙﨑", "#eval(1)*見本*", PRODUCT.privacy.version):
        assert needed in text


async def test_a_sign_that_the_font_lacks_does_not_cost_the_copy(papers: TypstPapers) -> None:
    copy = a_copy(CopyGroup("g", (CopyRow("企業名", "見本\U0001f98a商会"),)))

    assert "見本〓商会" in text_of(await papers.copy(PRODUCT, copy))


async def test_a_screen_reader_knows_what_it_reads(papers: TypstPapers) -> None:
    for content in (await papers.questionnaire(PRODUCT), await papers.copy(PRODUCT, COPY)):
        paper = PdfReader(io.BytesIO(content))
        assert str(paper.root_object["/Lang"]) == "ja-JP"
        assert "/Marked" in str(paper.root_object["/MarkInfo"])
        assert paper.metadata is not None
        assert paper.metadata.title


async def test_a_template_that_makes_no_paper_is_a_bug_of_ours(papers: TypstPapers, tmp_path: Path) -> None:
    """As `Invalid` it would be answered as if the customer had to change something, and nobody would hear of it."""
    folder = Path(shutil.copytree(PRODUCT.folder, tmp_path / "product"))
    template = folder / "documents" / "copy.typ"
    template.write_text(template.read_text("utf-8") + '\n#panic("x")\n', "utf-8")

    with pytest.raises(PaperNotMade):
        await papers.copy(replace(PRODUCT, folder=folder), COPY)


async def test_the_same_copy_is_the_same_file(papers: TypstPapers) -> None:
    later = TypstPapers(lambda: datetime(2030, 1, 1, tzinfo=UTC), TypstHere(FONTS))

    assert await papers.copy(PRODUCT, COPY) == await later.copy(PRODUCT, COPY)


async def test_a_copy_is_made_once(papers: TypstPapers) -> None:
    first = await papers.copy(PRODUCT, COPY)

    assert await papers.copy(PRODUCT, COPY) is first
    assert await papers.copy(PRODUCT, replace(COPY, reception_no="OTHER234")) != first


async def test_every_paper_is_tried_at_the_start(papers: TypstPapers, tmp_path: Path) -> None:
    """The first customer neither waits for it nor learns that a template is broken."""
    folder = Path(shutil.copytree(PRODUCT.folder, tmp_path / "product"))
    (folder / "documents" / "copy.typ").write_text("#panic()", "utf-8")

    await papers.prepare([PRODUCT])
    with pytest.raises(PaperNotMade):
        await papers.prepare([replace(PRODUCT, folder=folder)])
