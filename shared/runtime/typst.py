"""PDFs made with Typst in this process: about 2 ms each once the fonts are loaded.

All texts are passed as data, so a customer's text is never markup. The time of creation is passed too, so that the
same data give the same bytes.
"""

import asyncio
import json
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import typst

from shared.errors import Invalid

PDF_STANDARD: Final = "ua-1"
"""PDF/UA: readable for a screen reader, every font embedded, and no character that the font cannot show."""
UNPRINTABLE: Final = "〓"
"""The sign that Japanese typesetters print in place of a missing character."""
_MISSING: Final = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
_PAGES: Final = re.compile(rb"/Type/Pages/Count (\d+)")


class Typesetter:
    """Makes PDFs of templates with the fonts in one folder, and no others."""

    def __init__(self, fonts: Path) -> None:
        self._fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
        # Always the same thread: each thread that compiles keeps some megabytes.
        self._thread = ThreadPoolExecutor(1, "typst")

    async def pdf(self, template: Path, root: Path, data: Mapping[str, Any], made_at: datetime) -> bytes:
        """The PDF of *template*, which may read files below *root*, with *data*. Raises `Invalid` when it fails."""
        make = partial(self._pdf, template, root, data, made_at)
        return await asyncio.get_running_loop().run_in_executor(self._thread, make)

    async def title(self, template: Path, root: Path, data: Mapping[str, Any]) -> str:
        """The text of *template* with the label `<title>`."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._title, template, root, data)

    def _title(self, template: Path, root: Path, data: Mapping[str, Any]) -> str:
        title = typst.query(
            template,
            "<title>",
            field="value",
            one=True,
            root=root,
            font_paths=self._fonts,
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data)},
        )
        return str(json.loads(title))

    def _pdf(self, template: Path, root: Path, data: Mapping[str, Any], made_at: datetime) -> bytes:
        text = json.dumps(data, ensure_ascii=False)
        while True:
            try:
                content = typst.compile(
                    template,
                    root=root,
                    font_paths=self._fonts,
                    ignore_system_fonts=True,
                    format="pdf",
                    sys_inputs={"data": text},
                    timestamp=made_at.replace(microsecond=0),  # typst counts in whole seconds
                    pdf_standards=PDF_STANDARD,
                )
            except typst.TypstError as error:
                # A customer whose name has a rare character must get the document too, with a sign in its place.
                shorter = _without_missing(text, error.message)
                if shorter == text:
                    raise Invalid("document-failed") from None
                text = shorter
            else:
                return _checked(content)


def _without_missing(text: str, message: str) -> str:
    match = _MISSING.search(message)
    if match is None:
        return text
    missing = _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), match[1])
    return text.replace(missing, UNPRINTABLE)


def _checked(content: bytes) -> bytes:
    """*content*, if it is a whole PDF with a page and with its fonts inside, or else raises `Invalid`."""
    pages = _PAGES.search(content)
    whole = content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")
    if not whole or pages is None or int(pages[1]) < 1 or b"/FontFile2" not in content:
        raise Invalid("document-not-sound")
    return content
