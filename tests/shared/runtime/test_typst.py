"""The typesetter: no text from outside makes it fail."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.errors import Invalid
from shared.products.documents import FONTS
from shared.runtime.typst import NOT_PRINTED, Show, Typesetter
from shared.runtime.typst_here import TypstHere
from tests.printed import printed
from tests.shared.runtime.fakes import PanicException, compile_that_raises

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
PAPER = """
#set document(title: "x")
#set text(font: "Noto Sans JP", lang: "ja")
#let paper = json("/data.json")
"""


class Counted(TypstHere):
    """Counts how often it compiles."""

    compiled = 0

    async def pdf(self, root: Path, files: Mapping[str, bytes], made_at: datetime) -> bytes:
        self.compiled += 1
        return await super().pdf(root, files, made_at)


class Counting(Typesetter):
    """With a compiler that counts."""

    def __init__(self) -> None:
        self._counted = Counted(FONTS)
        super().__init__(FONTS, self._counted)

    @property
    def compiled(self) -> int:
        return self._counted.compiled


def a_template(folder: Path, body: str, name: str = "paper.typ") -> Path:
    template = folder / name
    template.write_text(PAPER + body, "utf-8")
    return template


async def set_with(typesetter: Typesetter, template: Path, name: str) -> bytes:
    def fill(show: Show) -> dict[str, str]:
        return {"ours": "商品", "name": show(name)}

    return await typesetter.pdf(template, template.parent, fill, NOON)


async def test_three_thousand_characters_that_the_fonts_lack_are_one_compilation(tmp_path: Path) -> None:
    """Typst names one missing character a run: one GET took 123 s of CPU, and everybody's papers waited."""
    typesetter, template = Counting(), a_template(tmp_path, "#paper.ours #paper.name")
    await set_with(typesetter, template, "見本")
    began = time.process_time()

    content = await set_with(typesetter, template, "".join(map(chr, range(0x20000, 0x20000 + 3_000))))

    assert typesetter.compiled == 2
    assert time.process_time() - began < 0.5
    assert printed(content).text.count("〓") > 2_900


async def test_a_text_that_typst_refuses_all_the_same_is_printed_plainly_or_left_out(tmp_path: Path) -> None:
    typesetter = Counting()
    no_accent = a_template(tmp_path, '#if paper.name.contains("é") { panic() }\n#paper.ours #paper.name')
    assert "商品山田〓" in printed(await set_with(typesetter, no_accent, "山田é")).text

    no_name = a_template(tmp_path, '#if paper.name.contains("山") { panic() }\n#paper.ours #paper.name')
    assert f"商品{NOT_PRINTED}" in printed(await set_with(typesetter, no_name, "山田")).text
    assert typesetter.compiled == 2 + 3


async def test_a_template_that_fails_without_any_text_has_failed(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="document-failed"):
        await set_with(Counting(), a_template(tmp_path, "#panic()"), "山田")


async def test_a_text_of_our_own_that_cannot_be_printed_is_not_replaced(tmp_path: Path) -> None:
    """It must be noticed at the start, and not be sent to customers as 〓."""
    with pytest.raises(Invalid, match="document-failed"):
        await set_with(Counting(), a_template(tmp_path, "👍 #paper.name"), "山田")


@pytest.mark.parametrize("broken", [PanicException, MemoryError, RecursionError])
async def test_whatever_typst_raises_costs_one_paper(tmp_path: Path, broken: Callable[[], BaseException]) -> None:
    """A panic is no `Exception`: it passed every handler, and the record with that name was read again for ever."""
    typesetter = Typesetter(FONTS, compile_that_raises(broken, "broken.typ"))
    with pytest.raises(Invalid, match="document-failed"):
        await set_with(typesetter, a_template(tmp_path, "#paper.ours", "broken.typ"), "山田")

    assert "山田" in printed(await set_with(typesetter, a_template(tmp_path, "#paper.name"), "山田")).text


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_the_end_of_the_process_is_no_failed_paper(tmp_path: Path, end: type[BaseException]) -> None:
    typesetter = Typesetter(FONTS, compile_that_raises(end, "broken.typ"))

    with pytest.raises(end):
        asyncio.run(set_with(typesetter, a_template(tmp_path, "#paper.ours", "broken.typ"), "山田"))


async def test_a_title_that_cannot_be_read_is_a_failed_paper(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="document-failed"):
        await Typesetter(FONTS, TypstHere(FONTS)).title(a_template(tmp_path, "no title"), tmp_path, {})
