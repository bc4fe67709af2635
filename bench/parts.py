"""Making a 見積書, in this process, beside the smallest page that Typst can make."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

import typst

from bench.results import Figures
from bench.samples import STORY, next_request
from pricing.engine.price import price
from pricing.engine.result import Offered
from pricing.tariff import load_priced_products
from services.intake.domain.request import parcel_contents
from services.notify.adapters.typst import TypstPapers
from services.notify.domain.parcels import read_contact, read_declared, read_terms
from services.notify.domain.quote_document import quote_document
from shared.clock import JST, utc_now
from shared.events import QuoteOffered, TariffRef
from shared.products.documents import FONTS
from shared.runtime.typst_here import TypstHere

DOCUMENTS = 100


def report() -> Figures:
    """What a 見積書 takes of the CPU, and how large it is."""
    product = load_priced_products()["cyber-security"]
    body = next_request()()
    answers = {key: body["answers"][key] for key in STORY.answers if key not in {"brochure", "quote"}}
    tariff = product.tariffs[-1]
    result = price(answers, tariff)
    if not isinstance(result, Offered):
        raise TypeError("the benchmark's request must be priced")
    papers = TypstPapers(utc_now, TypstHere(FONTS))
    now = utc_now()
    event = QuoteOffered(
        request_id="bench",
        quote_id="bench",
        reception_no="BENCH234",
        product=product.slug,
        revision=1,
        tariff=TariffRef(id=tariff.id, sha256=tariff.sha256),
        engine="bench",
        issued_at=now,
        parcels={},
        expires_on=now.astimezone(JST).date(),
        options=result.options,
        grids=result.grids,
    )
    parcel = parcel_contents(product, body["answers"], {}, "bench")["notify"]
    quote = quote_document(
        event,
        product,
        read_contact(parcel),
        read_terms(parcel),
        form=product.form,
        declared=read_declared(parcel),
        public_url="https://form.agency.example",
    )
    # A different company each time: Typst remembers pages that it has made before.
    numbers = iter(range(2 * DOCUMENTS))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])

    async def document() -> bytes:
        own = replace(quote, company=f"株式会社見本{next(numbers)}")
        return await papers.quote(product, own, now)

    async def page() -> bytes:
        return typst.compile(f"#{next(numbers)}".encode(), format="pdf", font_paths=fonts)

    one_document, content = asyncio.run(_cpu_s(document))
    one_page, _ = asyncio.run(_cpu_s(page))
    print(
        f"document: {one_document * 1e3:.1f} ms of CPU and {len(content) / 1e3:.0f} kB per 見積書"
        f" = {one_document / one_page:.1f} x a page with one number"
    )
    return {
        "document CPU ms": one_document * 1e3,
        "document x a page with one number": one_document / one_page,
        "document kB": len(content) / 1e3,
    }


async def _cpu_s(work: Callable[[], Awaitable[bytes]]) -> tuple[float, bytes]:
    """Of the process, each time, after a first time; and what it made."""
    made = await work()
    began = time.process_time()
    for _ in range(DOCUMENTS - 1):
        made = await work()
    return (time.process_time() - began) / (DOCUMENTS - 1), made
