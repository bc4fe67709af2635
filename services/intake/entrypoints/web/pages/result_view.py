"""What the last page says of the result: to the browser that sent the request, and to no other.

Whoever else has the address of the page sees the 受付番号 only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.intake.domain.contact_shapes import email
from services.intake.domain.draft import Draft
from services.intake.domain.outcome import Status
from shared.clock import spoken_day
from shared.events import RequestReceived
from shared.products import Form, Product
from shared.yen import spoken_yen, yen

COVER_NAMES: Final = {
    "lighter": "保険料を抑えたご案内",
    "chosen": "ご希望の内容",
    "nearest": "ご希望に最も近い内容",
    "fuller": "補償を手厚くしたご案内",
}
"""As on the 見積書, in its order. The estimate has the same."""


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One cover with its premium, in words."""

    name: str
    cover: str
    premium: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultView:
    """`address`: where the mails go. `is_open`: something is still to come, so the page looks again.

    `receipt`: what became of the mail that confirms the request; empty while that is not known.
    """

    address: str
    receipt: str
    is_open: bool
    is_referred: bool
    is_undelivered: bool
    premium: str = ""
    expires_on: str = ""
    options: tuple[OptionRow, ...] = ()

    @classmethod
    def of(cls, product: Product, sent: RequestReceived, status: Status, draft: Draft) -> "ResultView":
        """*draft* is the one that was sent."""
        quote, letters = status.mailed, status.letters
        is_undelivered = "failed" in {letters.get("receipt"), letters.get("quote"), letters.get("referral")}
        is_referred = status.state == "referred"
        is_answered = quote is not None or is_referred or not sent.wishes.quote
        return cls(
            address=_address(product.form, draft),
            receipt=letters.get("receipt", ""),
            is_open=not is_undelivered and not (is_answered and "receipt" in letters),
            is_referred=is_referred,
            is_undelivered=is_undelivered,
            premium=yen(quote.premium_yen) if quote and quote.premium_yen is not None else "",
            expires_on=spoken_day(quote.expires_on) if quote and quote.expires_on else "",
            options=tuple(_rows(status)),
        )


def _address(form: Form, draft: Draft) -> str:
    key = next((question.key for question in form.questions if question.kind == "email"), "")
    return email(draft.text(key)) or ""


def _rows(status: Status) -> Iterator[OptionRow]:
    options = status.mailed.options if status.mailed else ()
    for kind, name in COVER_NAMES.items():
        for option in options:
            if option.kind == kind:
                limits = spoken_yen(option.liability_limit), spoken_yen(option.cost_limit)
                yield OptionRow(name, "賠償損害 {}・費用損害 {}".format(*limits), yen(option.premium))
