"""From a result to the quote that is kept and told of: the one place where both are put together."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

from pricing.engine.quote import ENGINE, Offered, Referred, Result, document_id, quote_id
from pricing.tariff import Tariff
from services.rating.ports import Edition, Quote
from services.rating.usecases.editions import edition_of
from shared.clock import JST, Clock
from shared.events import Change, Content, Grid, Option, Parcel, QuoteOffered, QuoteReferred, TariffRef
from shared.products import Product
from shared.runtime.parcels import Sealer

SHOWN_TO_CUSTOMERS: Final = 3
"""How many savings the 見積書 tells of."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A tariff, where it is kept, and the hash of its file."""

    edition: Edition
    tariff: Tariff
    sha256: str


def priced_by(product: Product, tariff: Tariff) -> Priced:
    """A tariff of *product* as it is loaded now."""
    return Priced(edition_of(product, tariff), tariff, tariff.sha256)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a quote is about. `decision` and `note` are a member of staff's, for a revision after the first."""

    request_id: str
    reception_no: str
    product: str
    revision: int
    form_version: str
    answers: Parcel
    decision: str | None = None
    note: str = ""
    is_manual: bool = False


@dataclass(frozen=True, slots=True)
class DraftQuote:
    """Put a quote together, issued now."""

    sealer: Sealer
    now: Clock

    def __call__(self, subject: Subject, result: Result, priced: Priced | None) -> Quote:
        """The quote. `priced` is None only for a referral before the first tariff."""
        content = worksheet(result, subject.note)
        return Quote(
            id=document_id(subject.request_id, subject.revision),
            event=self._event(subject, result, priced, content),
            form_version=subject.form_version,
            edition=priced.edition.id if priced else None,
            answers=subject.answers,
            worksheet=self.sealer.seal("rating", content),
            workings=[_in_plain(step) for step in content["workings"]],
            decision=subject.decision,
        )

    def _event(
        self, subject: Subject, result: Result, priced: Priced | None, content: Mapping[str, Any]
    ) -> QuoteOffered | QuoteReferred:
        issued_at = self.now()
        told = {name: content[name] for name in ("workings", "reasons", "savings", "note")}
        head: dict[str, Any] = {
            "quote_id": quote_id(subject.request_id, subject.revision),
            "request_id": subject.request_id,
            "reception_no": subject.reception_no,
            "product": subject.product,
            "revision": subject.revision,
            "tariff": TariffRef(id=priced.tariff.id, sha256=priced.sha256)
            if priced
            else TariffRef(id="none", sha256=""),
            "engine": ENGINE,
            "issued_at": issued_at,
        }
        parcels = {"desk": self.sealer.seal("desk", told)}
        if isinstance(result, Referred) or priced is None:
            return QuoteReferred(**head, parcels=parcels)
        # Sealed also when there is nothing to save: whether there is a parcel must not tell.
        advice = [{"advice": one["advice"], "saves": one["saves"]} for one in content["savings"][:SHOWN_TO_CUSTOMERS]]
        return QuoteOffered(
            **head,
            parcels={**parcels, "notify": self.sealer.seal("notify", {"savings": advice})},
            expires_on=issued_at.astimezone(JST).date() + timedelta(days=priced.tariff.valid_days),
            options=tuple(Option(**option) for option in content["options"]),
            changes=tuple(Change(**change) for change in content["changes"]),
            grids=tuple(Grid.model_validate(grid) for grid in content["grids"]),
            basis="manual" if subject.is_manual else "tariff",
        )


def worksheet(result: Result, note: str = "") -> Content:
    """Everything that *result* says, as plain JSON: what replay compares, and nobody without a key may read."""
    empty: dict[str, list[Any]] = {
        name: [] for name in ("options", "workings", "changes", "grids", "savings", "reasons")
    }
    match result:
        case Referred(reasons=reasons):
            return {**empty, "reasons": [asdict(reason) for reason in reasons], "note": note}
        case Offered():
            return {
                **empty,
                "options": [{**asdict(option), "riders": list(option.riders)} for option in result.options],
                "workings": [step.as_text() for step in result.workings],
                "changes": [asdict(change) for change in result.changes],
                "grids": [grid.as_json() for grid in result.grids],
                "savings": [asdict(saving) for saving in result.savings],
                "note": note,
            }


def _in_plain(step: Mapping[str, str]) -> dict[str, str]:
    """Without what a step follows from and where it stands: both would tell an answer."""
    return {name: step[name] for name in ("label", "factor", "amount")}
