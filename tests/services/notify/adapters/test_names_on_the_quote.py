"""Two hundred names that papers were, or could be, broken by: each stays in its place on the 見積書, and is whole."""

import re
from dataclasses import replace

import pytest

from services.notify.adapters.typst import TypstPapers
from shared.products.documents import FONTS
from shared.runtime.typst import NOT_PRINTED
from shared.runtime.typst_here import TypstHere
from tests.hostile_texts import FUZZED_NAMES, GLYPHS
from tests.printed import LEFT, MM, printed, squeezed
from tests.services.notify.adapters.builders import DOCUMENT
from tests.services.notify.builders import NOON, PRODUCT, Clock

PAPERS = TypstPapers(Clock(), TypstHere(FONTS))
pytestmark = pytest.mark.anyio
COLUMN_END, AGENCY = LEFT + (90 + 2) * MM, LEFT + 98 * MM
"""The names' column, with room for the empty half of a last 、, and the left edge of the agency's."""
SAID = "〓は、この書面で印字できない文字です"


@pytest.mark.parametrize("name", FUZZED_NAMES)
async def test_a_name_stays_in_its_column_and_hides_nothing(name: str) -> None:
    """As company, department and person at once, which is the most that it can take."""
    document = replace(DOCUMENT, company=name, department=name, person=name)

    paper = printed(await PAPERS.quote(PRODUCT, document, NOON))

    words = paper.pages[0]
    greeting = min(word.top for word in words if word.text.startswith("平素より"))
    above = [word for word in words if word.is_between_margins and word.bottom <= greeting]
    assert [word.text for word in above if word.left < AGENCY and word.right > COLUMN_END] == []
    assert paper.off_the_page == []
    assert paper.printed_over == []
    assert f"{_once(squeezed(GLYPHS.printable(name)))}御中" in _once(paper.text)
    assert NOT_PRINTED not in paper.text
    assert (SAID in paper.text) == ("〓" in paper.text.replace(SAID, ""))


def _once(text: str) -> str:
    """Each glyph of a letter with its marks has the text of all of them (typst/typst#8767): it is copied repeatedly."""
    return re.sub(r"(.[\u0300-\u036f]+)\1+", r"\1", text)
