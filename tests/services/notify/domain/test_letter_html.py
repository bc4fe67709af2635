"""The HTML of a letter: the words of its text, and nothing that a stranger's words can do to it."""

import re
from html.parser import HTMLParser
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.notify.domain.letter_html import letter_html
from services.notify.domain.mail_header import one_line

CASE: Final = "https://desk.agency.example/cases/1?a=1&b=2"
LETTER: Final = f"資料請求窓口 ご担当者様\n\n■ お客様\n　企業名　　　{{}}\n　担当者名　　{{}} 様\n\n■ 詳細\n　{CASE}\n"
_PIECES = st.sampled_from(
    ["<", ">", "&", '"', "'", "/", "=", ";", "&lt;", "&#60;", "<a href=", "</td>", "<!--", "-->", "<style>", "</title>",
     "<script>", "javascript:", "https://evil.example", CASE, "【", "】", "■ ", "　", "・", "　　- ", "----------",
     "\r\n", "\u2028", "\x00", "url(", "expression(", "@import", "株式会社", "{{", "}}"]
)  # fmt: skip
TYPED = st.lists(_PIECES | st.text(max_size=4), max_size=12).map("".join).map(one_line)


class Skeleton(HTMLParser):
    """The tags of a page with their attributes, and its texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def links(self) -> list[str | None]:
        return [dict(attributes)["href"] for tag, attributes in self.tags if tag == "a"]


def test_an_address_of_our_own_can_be_followed_and_is_written_out() -> None:
    page = Skeleton(letter_html("件名", LETTER.format("見本", "見本"), [CASE]))

    assert page.links() == [CASE]
    assert CASE in page.texts


def test_an_address_that_nobody_named_is_text() -> None:
    assert Skeleton(letter_html("件名", LETTER.format("見本", "見本"), [])).links() == []


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("https://evil.example/win", id="an address"),
        pytest.param(f"{CASE} https://evil.example", id="ours with another"),
        pytest.param(f"{CASE}@evil.example", id="ours as a name"),
        pytest.param('<a href="https://evil.example">見積書</a>', id="a link in HTML"),
        pytest.param('" style="position:fixed', id="a style"),
    ],
)
def test_what_a_customer_typed_is_never_a_link(typed: str) -> None:
    page = Skeleton(letter_html("件名", LETTER.format(typed, "見本"), [CASE]))

    assert page.links() == [CASE]
    assert typed in page.texts


@given(TYPED, TYPED)
@example("</title><script>alert(1)</script>", "<img src=https://evil.example>")
def test_no_name_whatever_changes_the_page_that_it_stands_in(company: str, person: str) -> None:
    """The same tags with the same attributes as for any other name, wherever it stands: in the subject too."""
    plain = Skeleton(letter_html("件名", LETTER.format("見本", "見本"), [CASE]))

    page = Skeleton(letter_html(f"受付 {company}", LETTER.format(company, person), [CASE]))

    without_own = [tag for tag in page.tags if tag != ("a", (("href", CASE), *_LINK_STYLE))]
    assert without_own == [tag for tag in plain.tags if tag[0] != "a"]
    assert set(page.links()) == {CASE}
    assert company.strip() in [text.strip() for text in page.texts]


@given(st.lists(st.sampled_from(["", "■ 見出し{}", "■ 受付番号　{}", "　電話　{}", "　続き{}", "　　続き{}", "・項目{}",
    "　・項目{}", "　　- 下{}", "【題{}】", "-" * 10, "本文{}", CASE]), max_size=14))  # fmt: skip
def test_whatever_order_lines_have_their_words_keep_it(lines: list[str]) -> None:
    """Also in a template that somebody else writes: none is lost, none is said twice."""
    text = "\n".join(line.format(number) for number, line in enumerate(lines))

    said = "".join(Skeleton(letter_html("", text, [CASE]).partition("<body")[2].partition(">")[2]).texts)

    assert _words(said) == _words(text)


def _words(text: str) -> str:
    return re.sub(r"[■・【】\s-]", "", text)


_LINK_STYLE = Skeleton(letter_html("", CASE, [CASE])).tags[-1][1][1:]
