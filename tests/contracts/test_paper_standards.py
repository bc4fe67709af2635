"""Every paper keeps the standards that it claims: PDF/UA for who has it read aloud, PDF/A for who archives it.

A company keeps a 見積書 for seven years and more (電子帳簿保存法), and some of its readers are blind.
"""

from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Final

import pytest
import typst

from services.dashboard.adapters.typst_post import TypstPost
from services.dashboard.domain.postal import Recipient
from services.intake.adapters.typst import TypstPapers as PapersOfIntake
from services.intake.domain.copy import CopyGroup, CopyRow
from services.notify.adapters.typst import TypstPapers as PapersOfNotify
from shared.products.documents import FONTS
from shared.runtime.typst_here import TypstHere
from tests.hostile_texts import FUZZED_NAMES, SENT_AND_PRINTED
from tests.judges.verapdf import Judgement, judged
from tests.services.intake.builders import a_copy
from tests.services.notify.adapters.builders import CHANGES, DOCUMENT, EVERYTHING, USUAL, a_product_with_seal
from tests.services.notify.builders import NOON, PRODUCT, Clock

pytestmark = pytest.mark.anyio
CLAIMED: Final = ["PDF/A-2A", "PDF/UA-1"]
QUOTES: Final = {
    "quote with nothing beside it": DOCUMENT,
    "usual quote": USUAL,
    "quote with everything": EVERYTHING,
    "quote with sixty hints": replace(USUAL, hints=tuple((f"対策{number}", "1,000円") for number in range(60))),
    "quote of a premium set by hand": replace(DOCUMENT, is_manual=True, changes=CHANGES[:1]),
    "quote for a long name": replace(USUAL, company="W" * 100, department="部" * 100, person="𠮷" * 50),
    "quote for a name with gaps": replace(USUAL, company="山田😀商事", person="葛\U000e0100飾"),
    **{f"quote for name {at}": replace(DOCUMENT, company=FUZZED_NAMES[at]) for at in range(0, len(FUZZED_NAMES), 10)},
}
HOSTILE: Final = [sent[:60] for sent, _ in SENT_AND_PRINTED.values()]
RECIPIENT: Final = Recipient(
    postal_code="150-0043",
    address="東京都渋谷区道玄坂1-2-3",
    building="",
    company="",
    department="",
    person="",
    reception_no="K7M2P4XR",
)


async def every_paper(folder: Path) -> dict[str, bytes]:
    compiler = TypstHere(FONTS)
    notify, intake = PapersOfNotify(Clock(), compiler), PapersOfIntake(Clock(), compiler)
    papers = {name: await notify.quote(PRODUCT, document, NOON) for name, document in QUOTES.items()}
    papers["quote with a seal"] = await notify.quote(a_product_with_seal(folder), USUAL, NOON)
    for number, brochure in enumerate(await notify.brochures(PRODUCT)):
        attached = message_from_bytes(brochure.part.content, policy=policy.default)
        papers[f"brochure {number}"] = attached.get_content()
    papers["questionnaire"] = await intake.questionnaire(PRODUCT)
    answers = tuple(CopyRow("質問", sent) for sent in (*HOSTILE, *FUZZED_NAMES))
    papers["copy"] = await intake.copy(PRODUCT, a_copy(CopyGroup("企業・ご担当者様情報", answers)))
    recipients = [replace(RECIPIENT, company=sent) for sent in HOSTILE]
    return papers | {"post": await TypstPost().post(PRODUCT, recipients, NOON)}


async def test_every_paper_keeps_the_standards_that_it_claims(tmp_path: Path) -> None:
    """One run of the judge: it takes longer to start than to judge a paper."""
    papers = await every_paper(tmp_path)

    found = judged(papers, tmp_path)

    assert {name: each for name, each in found.items() if each != Judgement(CLAIMED, [])} == {}
    assert len(found) == len(QUOTES) + 6


def test_the_judge_has_complaints_about_a_paper_that_keeps_nothing(tmp_path: Path) -> None:
    """Or else its silence would prove nothing."""
    page = typst.compile(b"= x", format="pdf", pdf_tags=False)
    broken = typst.compile(b'#set document(title: "x")\n= x', format="pdf", pdf_standards=["ua-1", "a-2a"])

    found = judged({"page": page, "broken": broken.replace(b"/Lang", b"/Xang"), "none": b"%PDF-1.7 none"}, tmp_path)

    assert found["page"].standards == ["PDF/A-1B"]
    assert found["broken"].standards == CLAIMED
    assert all(each.complaints for each in found.values())
