"""The documents, made with Typst in this process: about 2 ms each once the fonts are loaded.

What changes is handed over as data, so a customer's text is never markup. The moment of making is handed over too:
the same data give the same bytes.
"""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import typst

import shared.products
from services.notify.domain.message import Attachment
from services.notify.domain.sheet import Sheet
from services.notify.ports import Brochure
from shared.errors import Invalid
from shared.products import Product

FONTS: Final = Path(shared.products.__file__).parent / "fonts"
STANDARD: Final = "ua-1"
"""PDF/UA: readable for a screen reader, every font embedded, and no character that the font cannot show."""
UNPRINTABLE: Final = "〓"
"""What Japanese typesetters put where a character is missing."""
_MISSING: Final = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
_PAGES: Final = re.compile(rb"/Type/Pages/Count (\d+)")


class TypstPapers:
    """`Papers` from the templates in each product's folder."""

    def __init__(self, now: Callable[[], datetime], fonts: Path = FONTS) -> None:
        self._fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
        self._now = now
        # One thread, always the same: each thread that compiles would keep some megabytes of its own.
        self._thread = ThreadPoolExecutor(1, "typst")
        self._brochures: dict[str, tuple[Brochure, ...]] = {}

    async def quote(self, product: Product, sheet: Sheet, made_at: datetime) -> bytes:
        """`documents/quote.typ` with *sheet*."""
        template = product.folder / "documents" / "quote.typ"
        data = {**_about(product), **asdict(sheet)}
        make = partial(self._pdf, template, product.folder, data, made_at)
        return await asyncio.get_running_loop().run_in_executor(self._thread, make)

    async def brochures(self, product: Product) -> tuple[Brochure, ...]:
        """`brochures/*.typ`, made once."""
        if product.slug not in self._brochures:
            make = partial(self._make_brochures, product)
            self._brochures[product.slug] = await asyncio.get_running_loop().run_in_executor(self._thread, make)
        return self._brochures[product.slug]

    def _make_brochures(self, product: Product) -> tuple[Brochure, ...]:
        made = []
        for template in sorted((product.folder / "brochures").glob("*.typ")):
            content = self._pdf(template, product.folder, _about(product), self._now())
            title = typst.query(
                template,
                "<title>",
                field="value",
                one=True,
                root=product.folder,
                font_paths=self._fonts,
                ignore_system_fonts=True,
                sys_inputs={"data": json.dumps(_about(product))},
            )
            made.append(Brochure(json.loads(title), Attachment(f"{product.slug}-{template.stem}.pdf", content)))
        return tuple(made)

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
                    pdf_standards=STANDARD,
                )
            except typst.TypstError as error:
                # A rare character in a name must not cost the customer the whole 見積書.
                shorter = _without_missing(text, error.message)
                if shorter == text:
                    raise Invalid("document-failed") from None
                text = shorter
            else:
                return _sound(content)


def _without_missing(text: str, message: str) -> str:
    found = _MISSING.search(message)
    if found is None:
        return text
    missing = _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), found[1])
    return text.replace(missing, UNPRINTABLE)


def _sound(content: bytes) -> bytes:
    """*content*, if it is a whole PDF with a page and with its fonts inside. Raises `Invalid`."""
    pages = _PAGES.search(content)
    whole = content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")
    if not whole or pages is None or int(pages[1]) < 1 or b"/FontFile2" not in content:
        raise Invalid("document-not-sound")
    return content


def _about(product: Product) -> dict[str, Any]:
    """What every paper says of the product."""
    return {
        "product": product.name,
        "insurer": product.insurer,
        "agency": asdict(product.agency),
        "document_no": product.document_no,
        "notices": dict(product.notices),
    }
