"""The HTML of a letter, made from its plain text: the two can never say different things, and one file holds both.

Only what classic Outlook shows as well: no classes, no images, nothing from elsewhere. Everything is
escaped, and only addresses that are given become links: what somebody typed is never one.
"""

from collections.abc import Collection, Iterable
from html import escape
from typing import Final

from services.notify.domain.letter_lines import Block, Heading, Item, Items, Paragraph, Row, Rule, Table, read_lines

# Meiryo first: where the first family is missing, Outlook takes a Latin one, and 明朝 for the rest.
_TYPE: Final = "font:16px/1.7 Meiryo,'Hiragino Sans','Noto Sans JP',sans-serif"
_SMALL: Final = "font:13px/1.6 Meiryo,'Hiragino Sans','Noto Sans JP',sans-serif"
_LINE: Final = "1px solid #8796a8"
_HEAD: Final = (
    "<!doctype html>\n"
    '<html lang="ja">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n'
    # Programs that know no dark mode of a mail invert these colours themselves, and leave this out.
    "<style>\n@media (prefers-color-scheme:dark){"
    "body{background-color:#17191c!important;color:#eceff3!important}"
    "a{color:#9cc7ff!important}"
    "}\n</style>\n<title>"
)
_BODY: Final = (
    "</title>\n</head>\n"
    '<body style="margin:0;padding:16px;background-color:#ffffff;color:#1c2430;-webkit-text-size-adjust:100%">\n'
    '<div style="max-width:640px;margin:0 auto;word-wrap:break-word;overflow-wrap:anywhere">\n'
)
_END: Final = "</div>\n</body>\n</html>\n"
_HEADING_STYLE: Final = "margin:24px 0 8px;padding:0 0 0 10px;border-left:4px solid #2b6cb0;font-weight:bold"
_CELL: Final = f"padding:6px 0;border-bottom:{_LINE};text-align:left;vertical-align:top"


def letter_html(subject: str, text: str, links: Collection[str]) -> str:
    """The page that says what *text* says. Of the addresses in it, those in *links* can be followed."""
    return "".join((_HEAD, escape(subject), _BODY, *_drawn(read_lines(text), links), _END))


def _drawn(blocks: Iterable[Block], links: Collection[str]) -> Iterable[str]:
    """Each of *blocks*, in the smaller type where the sender stands: between two rules."""
    font = _TYPE
    for block in blocks:
        match block:
            case Rule():
                font = _SMALL if font is _TYPE else _TYPE
                yield f'<hr style="border:0;border-top:{_LINE};margin:24px 0 8px">\n'
            case Heading(text):
                yield f'<h2 style="{font};{_HEADING_STYLE}">{_words(text, links)}</h2>\n'
            case Paragraph(lines):
                yield f'<p style="{font};margin:0 0 16px">{_lines(lines, links)}</p>\n'
            case Table(rows):
                drawn = "".join(_row(row, font, links) for row in rows)
                yield f'<table style="border-collapse:collapse;width:100%;margin:0 0 16px">\n{drawn}</table>\n'
            case Items(items):
                drawn = "".join(_item(item, font, links) for item in items)
                yield f'<ul style="margin:0 0 16px 25px;padding:0">\n{drawn}</ul>\n'


def _row(row: Row, font: str, links: Collection[str]) -> str:
    label = f'<th scope="row" style="{font};{_CELL};width:34%;font-weight:normal">{escape(row.label)}</th>'
    return f'<tr>{label}<td style="{font};{_CELL};padding-left:12px">{_lines(row.lines, links)}</td></tr>\n'


def _item(item: Item, font: str, links: Collection[str]) -> str:
    below = "".join(f'<li style="{font}">{_lines(lines, links)}</li>' for lines in item.below)
    more = f'<ul style="margin:4px 0 0 25px;padding:0">{below}</ul>' if below else ""
    return f'<li style="{font};margin:0 0 4px">{_lines(item.lines, links)}{more}</li>\n'


def _lines(lines: Iterable[str], links: Collection[str]) -> str:
    return "<br>\n".join(_words(line, links) for line in lines)


def _words(text: str, links: Collection[str]) -> str:
    """*text*, escaped; as a link only where all of it is one of *links*."""
    shown = escape(text)
    return f'<a href="{shown}" style="color:#0b57a4;word-break:break-all">{shown}</a>' if text in links else shown
