"""What staff see is what was sent: nothing invisible turns or hides a text."""

import sys
import unicodedata

import pytest

from services.dashboard.entrypoints.web.visible import visible
from tests.services.dashboard.builders import REQUEST, a_referral, a_request
from tests.services.dashboard.fakes import get, text

pytestmark = pytest.mark.anyio


def test_no_character_without_a_shape_is_written_as_it_is() -> None:
    """Every character of Unicode that controls, formats or separates without being seen; tabs and line ends may."""
    unseen = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and chr(code) not in "\t\r\n"
    ]

    assert [f"U+{ord(one):04X}" for one in unseen if visible(f"見本{one}商会") == f"見本{one}商会"] == []


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("株式会社　見本 商会\r\n2行目\t", id="blanks and lines"),
        pytest.param("葛\U000e0100飾 辻\ufe00", id="variants of kanji"),
        pytest.param("👨\u200d👩\u200d👧 1\ufe0f\u20e3", id="emoji made of several"),
        pytest.param("か\u3099 ㍿㌔① 𠮷 مرحبا", id="letters of all kinds"),
    ],
)
def test_what_can_be_seen_stays_as_it_was_typed(written: str) -> None:
    assert visible(written) == written


@pytest.mark.parametrize("odd", ["\u202e", "\u2066", "\u200b", "\u3164", "\x00", "\x0b", "\u2028", "\U000e0041"])
async def test_a_name_is_not_shown_reversed_or_with_something_hidden_in_it(odd: str) -> None:
    """B10: the company 見本⟨U+202E⟩商会 was shown as 見本会商, in the list and in the case."""
    hidden, shown = f"見本{odd}商会", f"見本〔U+{ord(odd):04X}〕商会"
    request = a_request(
        reception_no=hidden, product=hidden, company=hidden, person=hidden, email=hidden, typed={"phone": hidden}
    )

    for path, times in (("/", 3), (f"/cases/{REQUEST}", 6)):
        page = await get(path, request, a_referral())

        assert odd not in page.text
        assert text(page).count(shown) >= times, path
