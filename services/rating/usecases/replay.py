"""The same yen again: a quote priced anew from nothing but what was kept with it, and compared to the last digit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pricing.engine.price import price
from pricing.engine.quote import ENGINE
from services.rating.ports import Editions, Kept
from services.rating.usecases.draft import worksheet
from services.rating.usecases.editions import tariff_in
from services.rating.usecases.rate import answers_in
from shared.errors import Invalid
from shared.products import ProductError
from shared.runtime.parcels import ParcelOpener


@dataclass(frozen=True, slots=True)
class Same:
    """Every yen and every step came out again."""


@dataclass(frozen=True, slots=True)
class Differs:
    """What did not come out again: which part of the worksheet, what was kept, what came out."""

    differences: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True)
class NotComputed:
    """There is nothing to compute: a premium set by hand, or a referral before the first tariff."""

    why: str


@dataclass(frozen=True, slots=True)
class CannotReplay:
    """What it takes is not there; `why` is a word for machines."""

    why: str


Replayed = Same | Differs | NotComputed | CannotReplay


@dataclass(frozen=True, slots=True)
class Replay:
    """Price a kept quote again. Raises `Unavailable`."""

    editions: Editions
    opener: ParcelOpener
    engine: str = ENGINE

    async def __call__(self, kept: Kept) -> Replayed:
        """The comparison, as a value."""
        if kept.basis == "manual":
            return NotComputed("manual")
        if kept.edition is None:
            return NotComputed("no-tariff")
        edition = await self.editions.get(kept.edition)
        if edition is None:
            return CannotReplay("no-edition")
        try:
            tariff = tariff_in(edition)
            before = self.opener.open(kept.worksheet)
            after = worksheet(price(answers_in(kept.answers, self.opener), tariff))
        except ProductError:
            return CannotReplay("unreadable-edition")
        except Invalid as error:
            return CannotReplay(str(error))
        differences = [*_differences(before, after)]
        if tariff.sha256 != kept.tariff_sha256:
            differences.append(("tariff", kept.tariff_sha256, tariff.sha256))
        told = next((option["premium"] for option in after["options"]), None)
        if told != kept.premium_yen:
            differences.insert(0, ("premium", kept.premium_yen, told))
        return Differs(tuple(differences)) if differences else Same()


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Part by part; the note is a person's and is not computed."""
    return [
        (name, before.get(name), after[name]) for name in after if name != "note" and before.get(name) != after[name]
    ]
