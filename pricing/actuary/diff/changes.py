"""The entries in which two tariffs differ.

Comments, the way a figure is written and the order of rows have no meaning, and are no differences. The order of
rules, exchanges, parts and steps is a difference: they are applied, and shown to people, in that order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from pricing.actuary.diff.percent import percent_as_json, percent_change
from pricing.tariff import TariffSchema
from pricing.tariff.schema import PartSchema

ChangeKind = Literal["added", "removed", "changed", "order"]
Leaf = Decimal | str | int
TABLE_KINDS: Final = frozenset({"exact", "crossed", "banded", "interpolated"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry that is not the same. `old` and `new` are empty where there is none; percent only between figures."""

    section: str
    entry: str
    kind: ChangeKind
    old: str
    new: str
    percent: Decimal | None = None

    def as_json(self) -> dict[str, Any]:
        """Percent as text, to two decimals."""
        return {
            "section": self.section,
            "entry": self.entry,
            "what": self.kind,
            "old": self.old,
            "new": self.new,
            "percent": percent_as_json(self.percent),
        }


def changes(before: TariffSchema, after: TariffSchema) -> Iterator[Change]:
    """Every entry that differs, in the order of *before*; sections that only *after* has come last."""
    old, new = _entries(before), _entries(after)
    for section in dict.fromkeys(section for section, _ in (*old, *new)):
        for key in dict.fromkeys(key for key in (*old, *new) if key[0] == section):
            if old.get(key) != new.get(key):
                yield _change(key, old.get(key), new.get(key))
        yield from _order_changes(section, before, after)


def _change(key: tuple[str, str], old: Leaf | None, new: Leaf | None) -> Change:
    section, entry = key
    return Change(
        section=section,
        entry=entry,
        kind="added" if old is None else "removed" if new is None else "changed",
        old="" if old is None else str(old),
        new="" if new is None else str(new),
        percent=percent_change(old, new) if isinstance(old, Decimal) and isinstance(new, Decimal) else None,
    )


def _entries(schema: TariffSchema) -> dict[tuple[str, str], Leaf]:
    """Every figure, word and list of the file, by its section ("tables.scope") and its name there ("basic.no")."""
    entries: dict[tuple[str, str], Leaf] = {}
    for name, value in schema.model_dump(by_alias=True).items():
        if name == "parts":
            for part in value:
                entries |= _flattened(f"parts.{part['label']}", _steps_by_name(part))
        elif name == "tables":
            for key, table in schema.tables.items():
                entries |= _flattened(f"tables.{key}", {"kind": table.kind, **value[key]})
        elif name in ("adjustments", "credits", "rules", "unavailable"):
            for key, inner in value.items():
                entries |= _flattened(f"{name}.{key}", inner)
        elif isinstance(value, dict):
            entries |= _flattened(name, value)
        else:
            entries["", name] = value
    return entries


def _steps_by_name(part: Mapping[str, Any]) -> dict[str, Any]:
    """*part* with its steps by what they read: a step that is put in between must not make all later ones differ."""
    steps: dict[str, Any] = {}
    for step in part["steps"]:
        name = step["table"] or step["adjustment"]
        # A second step on the same table gets a mark, so that neither hides the other.
        while name in steps:
            name += "'"
        steps[name] = step
    return {"when": part["when"], "base": part["base"], "steps": steps}


def _flattened(section: str, value: object) -> dict[tuple[str, str], Leaf]:
    return {(section, ".".join(path)): leaf for path, leaf in _leaves(value, ())}


def _leaves(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Leaf]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            # A row is named by its answer alone, so that not every row of a table of another kind is new.
            yield from _leaves(inner, path if key in TABLE_KINDS and not path else (*path, str(key)))
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for number, inner in enumerate(value, start=1):
            yield from _leaves(inner, (*path, str(number)))
    elif isinstance(value, list):
        yield path, ", ".join(map(str, value))
    elif isinstance(value, Decimal | str | int) and value != "":
        yield path, value


def _order_changes(section: str, before: TariffSchema, after: TariffSchema) -> Iterator[Change]:
    """Another order of what both have, listed with the section that comes first."""
    orders_after = _orders(after)
    for order, (first_section, names) in _orders(before).items():
        _, names_after = orders_after.get(order, (first_section, []))
        old = [name for name in names if name in names_after]
        new = [name for name in names_after if name in names]
        if first_section == section and old != new:
            yield Change(
                section=section,
                entry=order.rpartition(".")[2],
                kind="order",
                old=", ".join(old),
                new=", ".join(new),
            )


def _orders(schema: TariffSchema) -> dict[str, tuple[str, list[str]]]:
    """Everything whose order matters: its first section, and the names in it."""
    orders = {f"parts.{part.label}.steps": (f"parts.{part.label}", _step_names(part)) for part in schema.parts}
    for kind, names in (
        ("parts", [part.label for part in schema.parts]),
        ("rules", list(schema.rules)),
        ("unavailable", list(schema.unavailable)),
    ):
        if names:
            orders[kind] = f"{kind}.{names[0]}", names
    return orders


def _step_names(part: PartSchema) -> list[str]:
    return [step.table or step.adjustment or "" for step in part.steps]
