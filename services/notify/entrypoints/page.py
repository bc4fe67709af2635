"""What all pages of notify share: short pages without pictures and scripts, and who is to be called."""

import hashlib
from base64 import b64encode
from html import escape
from typing import Final

from shared.products import Agency

_STYLE: Final = (
    ":root{color-scheme:light dark;background:Canvas;color:CanvasText}"
    "body{max-width:40rem;margin:0 auto;padding:1.5rem 1rem;font:1rem/1.7 'Noto Sans JP',Meiryo,sans-serif;"
    "overflow-wrap:anywhere}"
    "h1{font-size:1.5rem;line-height:1.4}"
    "button{min-height:3rem;padding:.5rem 1.5rem;border:2px solid;border-radius:.5rem;background:Canvas;"
    "color:CanvasText;font:inherit;font-weight:700;cursor:pointer}"
    "button:focus-visible{outline:4px solid;outline-offset:2px}"
)
PAGE_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
"""Nothing but the style of these pages, and a button that leads nowhere else."""
_PAGE: Final = (
    '<!doctype html>\n<html lang="ja">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="robots" content="noindex">\n'
    "<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}\n"
    "</main>\n</body>\n</html>\n"
)
_WITHOUT_AGENCY: Final = "<p>ご不明な点は、メールに記載の窓口までお問い合わせください。</p>"


def page(title: str, *parts: str, agency: Agency | None) -> str:
    """A whole page: the *parts* are HTML. *agency*: None where it must not be said, or is not known."""
    body = "\n".join((*parts, _WITHOUT_AGENCY if agency is None else _whom_to_call(agency)))
    return _PAGE.format(title=escape(title), style=_STYLE, body=body)


def paragraph(text: str) -> str:
    """*text* as one."""
    return f"<p>{escape(text)}</p>"


def _whom_to_call(agency: Agency) -> str:
    lines = (agency.name, f"{agency.phone_label} {agency.phone}({agency.hours})", f"メール {agency.email}")
    return f"<p>{'<br>'.join(map(escape, lines))}</p>"
