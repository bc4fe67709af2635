"""Computes a kept quote again, from nothing but what was kept with it, and compares every digit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pricing.engine.price import price
from pricing.engine.result import Offered
from pricing.tariff import Tariff
from services.rating.domain.edition import tariff_in
from services.rating.domain.quote import Quote
from services.rating.domain.worksheet import Worksheet
from services.rating.ports import Editions
from services.rating.usecases.rate import answers_in
from shared.errors import Invalid
from shared.products import ProductError
from shared.runtime.parcels import ParcelOpener


@dataclass(frozen=True, slots=True)
class Same:
    """Every yen and every step is the same again."""


@dataclass(frozen=True, slots=True)
class Differs:
    """What is not the same: the name of the part, what was kept, what was computed now."""

    differences: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True)
class NotComputed:
    """There is nothing to compute: the premium was set by hand, no tariff was in force, or the answers are erased.

    `why` is a machine word.
    """

    why: str


@dataclass(frozen=True, slots=True)
class CannotReplay:
    """Something that the replay needs is missing, or cannot be read; `why` is a machine word."""

    why: str


Replayed = Same | Differs | NotComputed | CannotReplay


@dataclass(frozen=True, slots=True)
class Replay:
    """Price a kept quote again. Raises `Unavailable`."""

    editions: Editions
    opener: ParcelOpener

    async def __call__(self, quote: Quote) -> Replayed:
        """The comparison, as a value."""
        if why := _nothing_to_compute(quote):
            return NotComputed(why)
        if quote.edition is None:
            return NotComputed("no-tariff")
        edition = await self.editions.get(quote.edition)
        if edition is None:
            return CannotReplay("no-edition")
        try:
            differences = self._differences(quote, tariff_in(edition))
        except ProductError:
            return CannotReplay("unreadable-edition")
        except Invalid as error:
            return CannotReplay(str(error))
        return Differs(differences) if differences else Same()

    def _differences(self, quote: Quote, tariff: Tariff) -> tuple[tuple[str, Any, Any], ...]:
        before = self.opener.open(quote.worksheet)
        result = price(answers_in(quote.answers, self.opener, quote.request_id), tariff)
        premium_yen = result.premium_yen if isinstance(result, Offered) else None
        compared = [
            ("premium", quote.premium_yen, premium_yen),
            *_worksheet_parts(before, Worksheet.of(result).model_dump(mode="json")),
            ("tariff", quote.tariff.sha256, tariff.sha256),
        ]
        return tuple((name, kept, computed) for name, kept, computed in compared if kept != computed)


def _nothing_to_compute(quote: Quote) -> str:
    if quote.is_erased:
        return "erased"
    return "manual" if quote.offer and quote.offer.basis == "manual" else ""


def _worksheet_parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Each part as it was kept and as it is computed. What people decide is left out: the note, and what is advised."""
    return [
        (name, before.get(name), _as_far_as_kept(before.get(name), after[name]))
        for name in after
        if name not in {"note", "advised"}
    ]


def _as_far_as_kept(before: Any, after: Any) -> Any:  # noqa: ANN401  # any JSON
    """*after* without the fields that the version which kept *before* did not know: they are no difference."""
    match before, after:
        case dict(), dict():
            return {key: _as_far_as_kept(before[key], value) for key, value in after.items() if key in before}
        case list(), list() if len(before) == len(after):
            return [_as_far_as_kept(old, new) for old, new in zip(before, after, strict=True)]
        case _:
            return after
