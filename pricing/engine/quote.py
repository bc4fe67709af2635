"""What becomes of a request: an offer, or a referral to a person. Either is a value; neither is an error."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, NamedTuple
from uuid import UUID, uuid5

from pricing.engine.money import EXACT

ENGINE = "1.1.0"
"""Of the arithmetic in this folder: a change that can move a single yen is a new version."""

FIRST = 1
"""The revision that answers the request itself."""

_QUOTE_NO = re.compile(r"(.+)-([0-9]{1,4})")
_IDS = UUID("4d0e8d3f-3a53-5c1d-9c6e-7f6f1f0b5b52")


class Working(NamedTuple):
    """One step of a price: what it follows from, its factor (none for a sum or a bound), the amount after it."""

    label: str
    input: str
    factor: Decimal | None
    amount: Decimal
    source: str
    """The cell of the tariff that the factor stands in."""

    def as_text(self) -> dict[str, str]:
        """Figures as strings, to the last digit."""
        return {
            "label": self.label,
            "input": self.input,
            "factor": "" if self.factor is None else _digits(self.factor),
            "amount": _digits(self.amount),
            "source": self.source,
        }


def _digits(figure: Decimal) -> str:
    return f"{EXACT.normalize(figure):f}"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person must answer: a word for machines and a sentence for the desk."""

    code: str
    message: str


Kind = Literal["chosen", "nearest", "lighter", "fuller"]


@dataclass(frozen=True, slots=True)
class Option:
    """A cover and its yearly premium. `chosen` is what was asked for, `nearest` what stands in for it."""

    plan: str
    liability_limit: int
    cost_limit: int
    liability_deductible: int
    cost_deductible: int
    riders: tuple[str, ...]
    premium: int
    chosen: bool
    kind: Kind


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was asked for and cannot be had, what is offered instead, and by which rule of the tariff."""

    key: str
    requested: str | int
    offered: str | int
    rule: str
    says: str


class Cell(NamedTuple):
    """A yearly premium, or the code of the note that says why there is none."""

    premium: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Premiums by two terms of the cover, everything else as in the head option; `notes` are sentences by code."""

    rows: str
    columns: str
    row_values: tuple[int, ...]
    column_values: tuple[int, ...]
    cells: tuple[tuple[Cell, ...], ...]
    notes: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """As plain JSON, and as the event has it."""
        return {
            "rows": self.rows,
            "columns": self.columns,
            "row_values": list(self.row_values),
            "column_values": list(self.column_values),
            "cells": [[cell._asdict() for cell in row] for row in self.cells],
            "notes": [{"code": code, "says": says} for code, says in self.notes.items()],
        }


@dataclass(frozen=True, slots=True)
class Saving:
    """What the premium would be with one more control in place: `key` is its question, `saves` in 円 a year."""

    key: str
    advice: str
    premium: int
    saves: int


@dataclass(frozen=True, slots=True)
class Offered:
    """A price. The first option heads the quote, and the `workings` are its own, in order; savings are best first."""

    options: tuple[Option, ...]
    workings: tuple[Working, ...]
    changes: tuple[Change, ...] = ()
    grids: tuple[Grid, ...] = ()
    savings: tuple[Saving, ...] = ()

    @property
    def head(self) -> Option:
        """What was asked for, or the nearest to it that can be had."""
        return self.options[0]

    @property
    def premium_yen(self) -> int:
        """What the head option costs in a year."""
        return self.head.premium


@dataclass(frozen=True, slots=True)
class Referred:
    """No price, and every reason for it: at least one."""

    reasons: tuple[Reason, ...]


Result = Offered | Referred


def numbered(word: str) -> tuple[str, int | None]:
    """The reception number and the revision of a 見積番号 (`K7M2P4XR-1`). None: it names no revision."""
    said = _QUOTE_NO.fullmatch(word)
    return (said[1], int(said[2])) if said else (word, None)


def document_id(request_id: str, revision: int) -> str:
    """One document per request and revision: the second writer finds the first one's."""
    return f"q:{request_id}:r{revision}"


def quote_id(request_id: str, revision: int) -> str:
    """Follows from the request, so two processes that price it at once name the same quote."""
    return str(uuid5(_IDS, document_id(request_id, revision)))
