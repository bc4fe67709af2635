"""A lint for the HTML of mails: what classic Outlook shows, whose engine is that of Word, and nothing from elsewhere.

The tables follow caniemail.com (its features `html-*` and `css-*` for Outlook on Windows 2016 to 2021, June 2026).
What Outlook leaves out may stand there for other programs only if the letter reads well without it (`LEFT_OUT`).
"""

import re
from html.parser import HTMLParser
from typing import Final

TAGS: Final[dict[str, set[str]]] = {
    "html": {"lang"},
    "head": set(),
    "meta": {"charset", "name", "content"},
    "style": set(),
    "title": set(),
    "body": {"style"},
    "div": {"style"},
    "p": {"style"},
    "h2": {"style"},
    "table": {"style"},
    "tr": set(),
    "th": {"scope", "style"},
    "td": {"style"},
    "ul": {"style"},
    "li": {"style"},
    "a": {"href", "style"},
    "br": set(),
    "hr": {"style"},
}
"""Each tag with the attributes that it may have."""
_CELLS: Final = {"th", "td"}
_BLOCKS: Final = {"div", "p", "h2", "ul", "li", "table", "hr"}
SHOWN: Final[dict[str, set[str]]] = {
    "font": {*_CELLS, "p", "h2", "li"},
    "font-weight": {*_CELLS, "h2"},
    "color": {"body", "a"},
    "background-color": {"body"},
    "margin": _BLOCKS,
    "padding": _CELLS,
    "padding-left": _CELLS,
    "border-bottom": _CELLS,
    "border-collapse": {"table"},
    "width": {"table", *_CELLS},
    "text-align": _CELLS,
    "vertical-align": _CELLS,
    "word-break": {"a"},
}
"""Each property with the tags on which Outlook heeds it."""
LEFT_OUT: Final[dict[str, set[str]]] = {
    # Outlook has margins of its own around a mail, and shows it as wide as its window.
    "margin": {"body"},
    "max-width": {"div"},
    # The space between the bar and the heading, and between the edge and the text.
    "padding": {"body", "h2", "ul"},
    "border-left": {"h2"},
    # A plain line is drawn in its place.
    "border": {"hr"},
    "border-top": {"hr"},
    # Word breaks a long word at the edge in any case.
    "overflow-wrap": {"div"},
    "word-wrap": {"div"},
    "-webkit-text-size-adjust": {"body"},
}
_FETCHES: Final = re.compile(r"url\(|@import|expression\(|\\", re.IGNORECASE)


class _Lint(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name not in TAGS.get(tag, set()):
                self.found.append(f"<{tag} {name}>")
            if name == "style":
                self.found += _declarations(tag, value or "")
            if name == "href" and not re.match("https?://", value or ""):
                self.found.append(f"<a href={value!r}>")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"a comment: {data[:20]}")


def _declarations(tag: str, style: str) -> list[str]:
    found = [f"style with {fetched[0]}" for fetched in [_FETCHES.search(style)] if fetched]
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        if tag not in SHOWN.get(name, set()) | LEFT_OUT.get(name, set()):
            found.append(f"{name} on <{tag}>")
        if re.search(r"(?:^|\s)-\d", value):
            found.append(f"{name}:{value}, which is negative")
    return found


def outlook_complaints(html: str) -> list[str]:
    """What Outlook would not show, or what would be fetched or run."""
    lint = _Lint()
    lint.feed(html)
    lint.close()
    rules = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    return [*lint.found, *(f"style with {fetched[0]}" for rule in rules if (fetched := _FETCHES.search(rule)))]
