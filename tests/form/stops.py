"""Every page that a customer may come to see: how one gets there, and by what it is known. A new page is a new line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from hashlib import sha256
from typing import Final, Literal

from services.intake.domain.outcome import KnownQuote, Outcome
from shared.events import Option, Paper
from tests.form.customer import PAGES, Customer, answers_on
from tests.form.site import NEW_PRODUCT, PRODUCT

Way = Literal["open", "press", "press without ledger", "post", "post from elsewhere"]
"""How the last step is taken in the browser: by the address, by its button, or by a form of some other page."""

FIRST: Final = PAGES[0]
_ANY: Final = "main h1"
_WRONG: Final = "[aria-invalid=true]"
_CONTACT: Final = next(page for page in PAGES if any(question.kind == "email" for question in page.questions))
_HAS_FIGURE: Final = next(page for page in PAGES if any(question.kind == "thousand_yen" for question in page.questions))
_FOR_COLLEAGUES: Final = next(page for page in PAGES if page.colleague and len(page.questions) > 4)
_TWO_CITIES: Final = "498-0000"
_SHOP: Final = "estimate?industry=retail&turnover=500000&plan=basic"
_LISTED: Final = "7999901000001"
"""A company of docs/companies-sample.csv."""
OUR_PDF: Final = b"%PDF-1.7"
"""As far as the page cares, which only sees its hash."""
_THEN: Final = datetime(2026, 11, 23, 3, tzinfo=UTC)
_ITS_HASH: Final = sha256(OUR_PDF).hexdigest()


def _option(kind: str, limits: tuple[int, int], premium: int) -> Option:
    return Option(
        kind=kind,
        plan="basic",
        liability_limit=limits[0],
        cost_limit=limits[1],
        liability_deductible=100_000,
        cost_deductible=0,
        riders=(),
        premium=premium,
        chosen=kind == "chosen",
    )


_OPTIONS: Final = (
    _option("chosen", (100_000_000, 30_000_000), 67_000),
    _option("lighter", (50_000_000, 10_000_000), 48_600),
    _option("fuller", (300_000_000, 50_000_000), 98_420),
)


@dataclass(frozen=True, slots=True)
class Stop:
    """`prepare` does what comes before and tells the address; `shows` is there on this page, and nowhere on the way."""

    name: str
    template: str
    prepare: Callable[[Customer], str]
    way: Way = "open"
    status: int = 200
    shows: str = _ANY


def _sent(slug: str, follow: str, customer: Customer) -> str:
    """*slug* sent with nothing in it."""
    customer.up_to(slug)
    led_to = customer.post(slug)
    assert follow in led_to, led_to
    return led_to


def _looked_up(customer: Customer) -> str:
    customer.up_to(_CONTACT.slug)
    typed = answers_on(_CONTACT, postal_code=_TWO_CITIES, address="")
    return customer.post(_CONTACT.slug, **typed, _action="address")


def _company(customer: Customer, action: str = "company") -> str:
    customer.up_to(_CONTACT.slug)
    typed = answers_on(_CONTACT, company="見本", postal_code="", address="", building="")
    return customer.post(_CONTACT.slug, **typed, _action=action)


def _overtaken(customer: Customer) -> str:
    """The confirmation sent after another window has changed an answer."""
    customer.up_to("confirm")
    seen = customer.mark()
    customer.post(_CONTACT.slug, **answers_on(_CONTACT, company="あとの見本商会"))
    return customer.confirm(seen)


def _misspelt(customer: Customer) -> str:
    customer.up_to(_CONTACT.slug)
    return customer.post(_CONTACT.slug, **answers_on(_CONTACT, email="canary.bird@gmial.com"))


def _in_yen(customer: Customer) -> str:
    customer.up_to(_HAS_FIGURE.slug)
    return customer.post(_HAS_FIGURE.slug, **answers_on(_HAS_FIGURE, turnover="500,000,000"))


def _excluded(customer: Customer) -> str:
    customer.up_to(_HAS_FIGURE.slug)
    return customer.post(_HAS_FIGURE.slug, **answers_on(_HAS_FIGURE, industry="consumer_loan"))


def _asked(customer: Customer) -> str:
    customer.helped_with(_FOR_COLLEAGUES.slug)
    return f"ask/{_FOR_COLLEAGUES.slug}"


def _mailed(email: str, customer: Customer, *, times: int = 1) -> str:
    """The link to a colleague, mailed; a second time within the hour it is not."""
    asked = _asked(customer)
    return [customer.post(f"{asked}/mail", email=email) for _ in range(times)][-1]


def _helped_together(customer: Customer) -> str:
    """The first page of a link that leads to all pages of one role."""
    return customer.helped_with(_FOR_COLLEAGUES.slug, pages="together")


def _help(customer: Customer, *, sent: bool, answered: bool = False) -> str:
    link = customer.helped_with(_FOR_COLLEAGUES.slug)
    if not sent:
        return link
    return customer.post(link, _page=_FOR_COLLEAGUES.slug, **(answers_on(_FOR_COLLEAGUES) if answered else {}))


def _heard(customer: Customer) -> str:
    _help(customer, sent=True, answered=True)
    return f"ask/{_FOR_COLLEAGUES.slug}"


def _issued(  # what a 見積書 may differ in
    customer: Customer,
    request_id: str,
    *,
    asked: str = "",
    revision: int = 1,
    year: int = 2199,
    options: tuple[Option, ...] = (),
) -> str:
    """A 見積書 that was issued, and the address that is printed on it."""
    quote_id, at = f"{request_id}-{revision}", _THEN
    quote = KnownQuote(
        product=PRODUCT,
        quote_no=f"K7M2P4XR-{revision}",
        revision=revision,
        premium_yen=67_000,
        expires_on=date(year, 12, 23),
        options=options,
    )
    paper = Paper(quote_no=quote.quote_no, sha256=_ITS_HASH)
    customer.site.follow(
        Outcome(id=f"quote:{quote_id}", request_id=request_id, fate="quoted", at=at, quote=quote),
        Outcome(id=f"letter:{quote_id}", request_id=request_id, fate="sent", at=at, letter="quote", paper=paper),
    )
    return f"quotes/{quote_id}?sha256={asked}"


def _answered(customer: Customer) -> str:
    """A request whose quote was mailed."""
    page = customer.to_the_end()
    answer(customer, page.rpartition("/")[2])
    return page


def answer(customer: Customer, request_id: str) -> None:
    """The quote of this request, and the mails that bring it."""
    _issued(customer, request_id, options=_OPTIONS)
    receipt = Outcome(id=f"letter:{request_id}", request_id=request_id, fate="sent", at=_THEN, letter="receipt")
    customer.site.follow(receipt)


def _superseded(customer: Customer) -> str:
    first = _issued(customer, "superseded")
    _issued(customer, "superseded", revision=2)
    return first


def _wants_to_save(customer: Customer) -> str:
    customer.up_to(FIRST.slug)
    return "save"


def _saved(customer: Customer) -> str:
    customer.saved()
    return "saved"


START: Final = Stop("start", "start", lambda _customer: "", shows="form[action$='/start']")
QUESTIONS: Final = tuple(
    Stop(page.slug, "page", partial(Customer.up_to, slug=page.slug), shows=f"main [name={page.questions[0].key}]")
    for page in PAGES
)
CONFIRM: Final = Stop("confirm", "confirm", partial(Customer.up_to, slug="confirm"), shows="[name=privacy_consent]")
DONE: Final = Stop("done", "done", Customer.to_the_end)
HAPPY_PATH: Final = (START, *QUESTIONS, CONFIRM, DONE)

STOPS: Final = (
    *HAPPY_PATH,
    *(Stop(f"{page.slug}-empty", "page", partial(_sent, page.slug, "check="), shows=_WRONG) for page in PAGES),
    Stop(
        "page-unsaved", "page", partial(Customer.up_to, slug=_CONTACT.slug), "press without ledger", 503, "main [name]"
    ),
    Stop("page-expired", "page", lambda customer: f"{customer.up_to(FIRST.slug)}?expired=1"),
    Stop("page-resumed", "page", lambda customer: f"{customer.up_to(FIRST.slug)}?resumed=1"),
    Stop("page-handed-on", "page", lambda customer: _asked(customer).removeprefix("ask/")),
    Stop("address-candidates", "page", _looked_up, shows="[name=_action][value^='address:']"),
    Stop("company-candidates", "page", _company, shows="[name=_action][value^='company:']"),
    Stop("company-filled", "page", partial(_company, action=f"company:{_LISTED}"), shows="[value='株式会社見本商事']"),
    Stop("mail-advice", "page", _misspelt, shows="[name=_action][value^='instead:']"),
    Stop("figure-advice", "page", _in_yen, shows="[name=_action][value^='instead:']"),
    Stop("industry-excluded", "page", _excluded, shows=".told.on"),
    Stop("confirm-no-consent", "confirm", CONFIRM.prepare, "press", 200, _WRONG),
    Stop("confirm-changed", "confirm", _overtaken, shows="[data-focus]"),
    Stop("confirm-unsent", "unsent", CONFIRM.prepare, "press without ledger", 503),
    Stop("done-quoted", "done", _answered, shows=".panel .figure"),
    Stop("everything", "all", lambda _customer: "submit", "post", 422, _WRONG),
    Stop("estimate", "estimate", lambda _customer: _SHOP, shows="main form[action$='/start']"),
    Stop("estimate-person", "estimate", lambda _customer: _SHOP.replace("retail", "public_body")),
    Stop("estimate-wrong", "estimate", lambda _customer: _SHOP.replace("500000", "about+5"), "open", 422, _WRONG),
    Stop("estimate-unavailable", "estimate", lambda _customer: f"../{NEW_PRODUCT}/{_SHOP}"),
    Stop("save", "save", _wants_to_save, shows="[name=email]"),
    Stop("save-empty", "save", _wants_to_save, "press", 200, _WRONG),
    Stop("saved", "saved", _saved),
    Stop("resume", "resume", Customer.saved, shows="main form"),
    Stop("resume-over", "link-over", lambda _customer: "resume/used", status=410),
    Stop("ask", "ask", lambda customer: f"ask/{customer.up_to(_FOR_COLLEAGUES.slug)}", shows="main form"),
    Stop("asked", "ask", _asked, shows="input[readonly]"),
    Stop("asked-mailed", "ask", partial(_mailed, "jiro@colleague.example.jp"), shows=".panel[role=status]"),
    Stop("asked-mailed-before", "ask", partial(_mailed, "saburo@colleague.example.jp", times=2), shows=".panel[role]"),
    Stop("asked-no-address", "ask", lambda customer: f"{_asked(customer)}/mail", "post", 422, _WRONG),
    Stop("heard", "ask", _heard),
    Stop("help-together", "help", _helped_together, shows=".where"),
    Stop("help", "help", partial(_help, sent=False), shows="[name=_page]"),
    Stop("help-empty", "help", partial(_help, sent=True), shows=_WRONG),
    Stop("helped", "helped", partial(_help, sent=True, answered=True)),
    Stop("quote", "quote", partial(_issued, request_id="ours", asked=_ITS_HASH), shows="main form"),
    Stop("quote-of-others", "quote", partial(_issued, request_id="other", asked="cd" * 32), shows="[data-focus]"),
    Stop("quote-unreadable", "quote", partial(_issued, request_id="unreadable", asked="ab"), shows=_WRONG),
    Stop("quote-expired", "quote", partial(_issued, request_id="expired", year=2020), shows="main form"),
    Stop("quote-superseded", "quote", _superseded, shows="main form"),
    Stop("quote-unknown", "message", lambda _customer: "quotes/unknown", status=404),
    Stop("nowhere", "message", lambda _customer: "nowhere", status=404),
    Stop("from-elsewhere", "message", lambda _customer: "start", "post from elsewhere", 403),
)
BY_NAME: Final = {stop.name: stop for stop in STOPS}
ONE_OF_EACH: Final = tuple({stop.template: stop for stop in reversed(STOPS)}.values())
"""One stop for every template."""
