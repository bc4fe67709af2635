"""What rating publishes of a tariff: enough to say between which two premiums a quote will be (docs/adr/0024).

The engine builds these by the hundred: they are plain dataclasses, as those of a quote are (`quotes.py`).
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from pydantic import model_validator

from shared.events.base import TARIFFS, Event, Moment
from shared.events.quotes import Note, TariffRef


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatedCover:
    """One cover of one industry, with the lowest and the highest yearly premium at each of the turnovers, in 円.

    `kind` as that of an `Option`. No `lowest`: the agency may not offer it there without asking the insurer. No
    `highest`: with some answers it may not.
    """

    plan: str
    liability_limit: int
    cost_limit: int
    liability_deductible: int
    cost_deductible: int
    riders: tuple[str, ...]
    kind: str
    lowest: tuple[int | None, ...]
    highest: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndustryEstimate:
    """What an industry may be offered, or why a person has to answer: sentences in Japanese, for the customer."""

    industry: str
    covers: tuple[EstimatedCover, ...] = ()
    reasons: tuple[Note, ...] = ()


class TariffStarted(Event):
    """Requests are priced with this tariff from now on, until another one starts.

    It is about no request: `request_id` is the product, so that the tariffs of a product come in their order. The best
    and the worst answers of 告知 make the lowest and the highest premium. Between two `turnovers` (千円, rising) every
    premium lies between the lowest and the highest of both; outside of them there is none.
    """

    topic: ClassVar = TARIFFS
    type: ClassVar = "mitsumori.tariff.started.v1"

    edition_id: str
    """Of the tariff with the form that it was read against and the version of the engine: the same is told once."""
    product: str
    tariff: TariffRef
    engine: str
    form_version: str
    in_force_from: date
    """In Japan."""
    started_at: Moment
    turnovers: tuple[int, ...]
    industries: tuple[IndustryEstimate, ...]

    @model_validator(mode="after")
    def _is_a_grid(self) -> "TariffStarted":
        """A reader looks premiums up by the place of a turnover, so each cover has one for each."""
        covers = [cover for industry in self.industries for cover in industry.covers]
        if any(len(column) != len(self.turnovers) for cover in covers for column in (cover.lowest, cover.highest)):
            raise ValueError("a premium for each turnover")
        if list(self.turnovers) != sorted(set(self.turnovers)):
            raise ValueError("turnovers must rise")
        return self
