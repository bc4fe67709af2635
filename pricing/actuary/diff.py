"""What one tariff says differently from another, entry by entry, and what that does to the golden cases.

Comments, the way a figure is written and the order of rows say nothing, and are no differences. The order of rules,
exchanges, parts and steps is one: it is told, or priced, in that order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from difflib import unified_diff
from typing import Any, Final, Literal

from pricing.actuary.edition import Edition
from pricing.actuary.golden import Golden, Value
from pricing.engine.price import premium_of
from pricing.engine.result import Referred
from pricing.tariff import Tariff, TariffSchema
from pricing.tariff.schema import PartSchema

What = Literal["added", "removed", "changed", "order"]
Leaf = Decimal | str | int
CENT: Final = Decimal("0.01")
KINDS: Final = frozenset({"exact", "crossed", "banded", "interpolated"})


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that is not the same. `old` and `new` are empty where there is none; percent only between figures."""

    section: str
    entry: str
    what: What
    old: str
    new: str
    percent: Decimal | None

    def as_json(self) -> dict[str, Any]:
        """Percent as text, to two decimals."""
        return {**asdict(self), "percent": None if self.percent is None else str(self.percent)}


@dataclass(frozen=True, slots=True)
class Delta:
    """A golden case under both: premiums in 円, or the codes of the reasons for none."""

    case: str
    old: int | None
    new: int | None
    percent: Decimal | None
    old_reasons: tuple[str, ...]
    new_reasons: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether the customer gets the same answer."""
        return (self.old, self.old_reasons) == (self.new, self.new_reasons)

    @property
    def says(self) -> str:
        """What happened, for machines."""
        if self.is_same:
            return "same"
        if self.new is None:
            return "other-reasons" if self.old is None else "newly-referred"
        return "no-longer-referred" if self.old is None else "changed"

    def as_json(self) -> dict[str, Any]:
        """Percent as text, to two decimals."""
        return {**asdict(self), "percent": None if self.percent is None else str(self.percent), "says": self.says}


@dataclass(frozen=True, slots=True)
class Diff:
    """Everything that differs, in the order of the files, and every golden case."""

    changes: tuple[Change, ...]
    deltas: tuple[Delta, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both say the same, and price the same."""
        return not self.changes and all(delta.is_same for delta in self.deltas)

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "changes": [change.as_json() for change in self.changes],
            "cases": [delta.as_json() for delta in self.deltas],
        }


def diff(before: Edition, after: Edition, cases: Sequence[Golden]) -> Diff:
    """All that differs; *cases* are the golden cases of either, and one that both have is shown once."""
    return Diff(tuple(changes(before.sheet, after.sheet)), tuple(_deltas(before.tariff, after.tariff, cases)))


def text_of(before: Edition, after: Edition) -> str:
    """The files, line by line, as `diff -u` shows them."""
    old, new = (file.text.splitlines(keepends=True) for file in (before.source, after.source))
    return "".join(unified_diff(old, new, str(before.source.path), str(after.source.path)))


def changes(before: TariffSchema, after: TariffSchema) -> Iterator[Change]:
    """What *after* says differently, in the order of *before*; sections that only *after* has come last."""
    old, new = _entries(before), _entries(after)
    sections = list(dict.fromkeys([section for section, _ in old] + [section for section, _ in new]))
    for section in sections:
        here = list(dict.fromkeys(key for key in (*old, *new) if key[0] == section))
        for key in here:
            change = _change(key, old.get(key), new.get(key))
            if change is not None:
                yield change
        yield from _order(section, before, after)


def _change(key: tuple[str, str], old: Leaf | None, new: Leaf | None) -> Change | None:
    if old == new:
        return None
    what: What = "added" if old is None else "removed" if new is None else "changed"
    percent = _percent(old, new) if isinstance(old, Decimal) and isinstance(new, Decimal) else None
    return Change(*key, what, _shown(old), _shown(new), percent)


def _shown(leaf: Leaf | None) -> str:
    return "" if leaf is None else str(leaf)


def _percent(old: Decimal | int, new: Decimal | int) -> Decimal | None:
    return (Decimal(new - old) * 100 / Decimal(old)).quantize(CENT, ROUND_HALF_UP) if old else None


def _entries(sheet: TariffSchema) -> dict[tuple[str, str], Leaf]:
    """Every figure, word and list of the file, by its section ("tables.scope") and its name there ("basic.no")."""
    found: dict[tuple[str, str], Leaf] = {}
    for name, value in sheet.model_dump(by_alias=True).items():
        if name == "parts":
            for part in value:
                found |= _flat(f"parts.{part['label']}", _part(part))
        elif name == "tables":
            for own, table in sheet.tables.items():
                found |= _flat(f"tables.{own}", {"kind": table.kind, **value[own]})
        elif name in ("adjustments", "credits", "rules", "unavailable"):
            for own, inner in value.items():
                found |= _flat(f"{name}.{own}", inner)
        elif isinstance(value, dict):
            found |= _flat(name, value)
        else:
            found["", name] = value
    return found


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    """Steps by what they read, so that one that is put in between does not make all others different."""
    steps: dict[str, Any] = {}
    for step in part["steps"]:
        name = step["table"] or step["adjustment"]
        # One that reads a table for the second time has a mark, so that neither hides the other.
        while name in steps:
            name += "'"
        steps[name] = step
    return {"when": part["when"], "base": part["base"], "steps": steps}


def _flat(section: str, value: object) -> dict[tuple[str, str], Leaf]:
    return {(section, ".".join(path)): leaf for path, leaf in _leaves(value, ())}


def _leaves(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Leaf]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            # A row goes by its answer alone, so that a table of another kind is not all new.
            yield from _leaves(inner, path if key in KINDS and not path else (*path, str(key)))
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        for number, inner in enumerate(value, start=1):
            yield from _leaves(inner, (*path, str(number)))
    elif isinstance(value, list):
        yield path, ", ".join(map(str, value))
    elif isinstance(value, Decimal | str | int) and value != "":
        yield path, value


def _order(section: str, before: TariffSchema, after: TariffSchema) -> Iterator[Change]:
    """Of what both have; told with the section that stands first."""
    there = _ordered(after)
    for what, (first, names) in _ordered(before).items():
        _, others = there.get(what, (first, []))
        old, new = [name for name in names if name in others], [name for name in others if name in names]
        if first == section and old != new:
            yield Change(section, what.rpartition(".")[2], "order", ", ".join(old), ", ".join(new), None)


def _ordered(sheet: TariffSchema) -> dict[str, tuple[str, list[str]]]:
    """What has an order: its first section, and the names in it."""
    found = {f"parts.{part.label}.steps": (f"parts.{part.label}", _names(part)) for part in sheet.parts}
    for kind, names in (
        ("parts", [part.label for part in sheet.parts]),
        ("rules", list(sheet.rules)),
        ("unavailable", list(sheet.unavailable)),
    ):
        if names:
            found[kind] = f"{kind}.{names[0]}", names
    return found


def _names(part: PartSchema) -> list[str]:
    return [step.table or step.adjustment or "" for step in part.steps]


def _deltas(before: Tariff, after: Tariff, cases: Sequence[Golden]) -> Iterator[Delta]:
    seen: list[Mapping[str, Value]] = []
    for golden in cases:
        for case in golden.cases:
            answers = golden.answers(case)
            if answers not in seen:
                seen.append(answers)
                yield _delta(case.name, premium_of(answers, before), premium_of(answers, after))


def _delta(case: str, old: int | Referred, new: int | Referred) -> Delta:
    return Delta(
        case=case,
        old=old if isinstance(old, int) else None,
        new=new if isinstance(new, int) else None,
        percent=_percent(old, new) if isinstance(old, int) and isinstance(new, int) else None,
        old_reasons=_codes(old),
        new_reasons=_codes(new),
    )


def _codes(found: int | Referred) -> tuple[str, ...]:
    return () if isinstance(found, int) else tuple(reason.code for reason in found.reasons)
