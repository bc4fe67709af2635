"""Making a 見積書, in this process, beside the smallest page that Typst can make."""

import asyncio

import typst

from bench.rating import each
from bench.samples import STORY, next_request
from pricing.engine.price import price
from pricing.engine.result import Offered
from pricing.tariff import load_priced_products
from services.notify.adapters.typst import TypstPapers
from services.notify.domain.parcels import read_contact, read_terms
from services.notify.domain.quote_document import quote_document
from shared.clock import JST, utc_now
from shared.events import QuoteOffered, TariffRef
from shared.products.documents import FONTS
from shared.runtime.typst_here import TypstHere

DOCUMENTS = 50


def report() -> dict[str, float]:
    """How long a 見積書 takes."""
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
    parcel = {"contact": body["answers"], "terms": answers}
    quote = quote_document(event, product, read_contact(parcel), read_terms(parcel), form=product.form)
    # A different company each time: Typst remembers pages that it has made before.
    companies = iter(range(DOCUMENTS + 1))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    empty = iter(range(DOCUMENTS + 1))

    def document() -> None:
        own = {
            **{f: getattr(quote, f) for f in quote.__dataclass_fields__},
            "company": f"株式会社見本{next(companies)}",
        }
        asyncio.run(papers.quote(product, type(quote)(**own), now))

    one_document = each(DOCUMENTS, document)
    one_empty = each(DOCUMENTS, lambda: typst.compile(f"#{next(empty)}".encode(), format="pdf", font_paths=fonts))
    print(f"document: {one_document * 1e3:.1f} ms per 見積書 = {one_document / one_empty:.1f} x a page with one number")
    return {"document ms": one_document * 1e3, "document x a page with one number": one_document / one_empty}
