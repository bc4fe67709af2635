"""The same tariff as a decision graph (JDM) for GoRules' ZEN engine: a named baseline to hold ours against.

Written as its documentation advises: a decision table for every table, expressions for curves, scores and caps, one
graph for one premium. Made from the compiled tariff, so both price by the same figures. The graph asks nothing back: it
holds no referral, no workings and no other option, which ours all has.
"""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

import zen

from shared.products.tariff import (
    Adjustment,
    Banded,
    Certificates,
    Crossed,
    Curve,
    Exact,
    Interpolated,
    Item,
    Part,
    Step,
    Tariff,
)

Node = dict[str, Any]
MILLION: Final = 1_000_000


def decision_of(tariff: Tariff) -> Any:  # noqa: ANN401  the binding has no types
    """A decision that was read once, ready to be evaluated with answers; its result has `premium`."""
    return zen.ZenEngine().create_decision(json.dumps(graph_of(tariff)))


def graph_of(tariff: Tariff) -> Node:
    """The graph: one node after the other, each handing on what it was given."""
    nodes = [{"id": "in", "type": "inputNode", "name": "in"}]
    totals = []
    for number, part in enumerate(tariff.parts):
        factors = []
        for index, step in enumerate(part.steps):
            name = f"p{number}_{index}"
            nodes += _step(name, step)
            factors.append(name)
        nodes.append(_expressions(f"t{number}", {f"p{number}": " * ".join(factors)}))
        totals.append(f"({_applies(part)} ? p{number} : 0)")
    minimum, to = tariff.minimum_premium_yen, tariff.round_to_yen
    nodes.append(_expressions("total", {"total": " + ".join(totals)}))
    nodes.append(_expressions("premium", {"premium": f"floor(max([total, {minimum}]) / {to} + 0.5) * {to}"}))
    nodes.append({"id": "out", "type": "outputNode", "name": "out"})
    edges = [
        {"id": f"e{number}", "type": "edge", "sourceId": before["id"], "targetId": after["id"]}
        for number, (before, after) in enumerate(pairwise(nodes))
    ]
    return {"nodes": nodes, "edges": edges}


def _step(name: str, step: Step | Adjustment) -> Iterator[Node]:
    if isinstance(step, Adjustment):
        yield from _adjustment(name, step)
        return
    match step.table:
        case Exact(reads=(key,), rows=rows):
            yield _table(name, [key], [([_literal(value)], str(figure)) for value, figure in rows.items()], name)
        case Crossed(reads=reads, rows=rows):
            yield _table(
                name,
                list(reads),
                [([_literal(down), _literal(across)], str(figure)) for (down, across), figure in rows.items()],
                name,
            )
        case Banded(reads=(key,), starts=starts, values=values):
            rising = sorted(zip(starts, values, strict=True), reverse=True)
            yield _table(name, [key], [([f">= {start}"], str(value)) for start, value in rising], name)
        case Interpolated(reads=(key,), curve=curve):
            yield from _curve(name, key, curve)
    if step.cap is not None or step.floor is not None:
        held = f"min([{name}, {step.cap}])" if step.cap is not None else f"max([{name}, {step.floor}])"
        yield _expressions(f"{name}_held", {name: held})


def _curve(name: str, key: str, curve: Curve) -> Iterator[Node]:
    """A row for each stretch between two points, and the straight line in it, to the millionth."""
    stretches = list(pairwise(zip(curve.points, curve.values, strict=True)))
    rows = []
    for number, ((x0, y0), (x1, y1)) in enumerate(stretches):
        end = "]" if number == len(stretches) - 1 else ")"
        rows.append(([f"[{x0}..{x1}{end}"], f"[{x0}, {x1}, {y0}, {y1}]"))
    yield _table(f"{name}_at", [key], rows, f"{name}_at")
    at = f"{name}_at"
    line = f"{at}[2] + ({at}[3] - {at}[2]) * ({key} - {at}[0]) / ({at}[1] - {at}[0])"
    yield _expressions(name, {name: f"floor({line} + 0.5) / {MILLION}"})


def _adjustment(name: str, step: Adjustment) -> Iterator[Node]:
    items = step.score.items
    weight = sum(item.weight for item in items)
    yield _expressions(f"{name}_score", {f"{name}_score": f"({' + '.join(map(_earned, items))}) / {weight}"})
    yield from _discount(name, step.score.discount)
    off = f"{name}_off"
    if step.certificates is not None:
        off = f"({off} + {_certified(step.certificates)})"
    held = off if step.cap is None else f"min([{step.cap}, {off}])"
    yield _expressions(name, {name: f"1 - {held}"})


def _discount(name: str, curve: Curve) -> Iterator[Node]:
    score = f"{name}_score"
    stretches = list(pairwise(zip(curve.points, curve.values, strict=True)))
    text = ""
    for number, ((x0, y0), (x1, y1)) in enumerate(stretches):
        line = f"({y0} + {y1 - y0} * ({score} * {MILLION} - {x0}) / {x1 - x0}) / {MILLION}"
        is_last = number == len(stretches) - 1
        text += line if is_last else f"{score} * {MILLION} < {x1} ? {line} : "
    yield _expressions(f"{name}_off", {f"{name}_off": text})


def _earned(item: Item) -> str:
    """Weight times what the better of its answers is worth; a sub-question counts only where it is asked."""
    worths = []
    for key, worth in item.by:
        if item.ticks:
            ticked = " + ".join(
                f"(contains({key} ?? [], '{choice}') ? {one / MILLION} : 0)" for choice, one in worth.items() if one
            )
            worths.append(f"min([1, {ticked}])")
        else:
            good = [f"({key} == '{choice}' ? {one / MILLION} : 0)" for choice, one in worth.items() if one]
            worths.append(" + ".join(good) or "0")
    best = worths[0] if len(worths) == 1 else f"max([{', '.join(worths)}])"
    return f"{item.weight} * ({best})"


def _certified(held: Certificates) -> str:
    each = " + ".join(
        f"(contains({held.reads} ?? [], '{one}') ? {share} : 0)" for one, share in held.rows.items() if share
    )
    return f"min([{held.cap}, {each}])"


def _applies(part: Part) -> str:
    return " and ".join(f"{key} == {_literal(value)}" for key, value in part.when.items()) or "true"


def _literal(value: str | int) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)


def _table(name: str, keys: list[str], rows: list[tuple[list[str], str]], to: str) -> Node:
    return {
        "id": name,
        "type": "decisionTableNode",
        "name": name,
        "content": {
            "hitPolicy": "first",
            "inputs": [{"id": f"i{number}", "name": key, "field": key} for number, key in enumerate(keys)],
            "outputs": [{"id": "o", "name": to, "field": to}],
            "rules": [
                {"_id": str(number), **{f"i{at}": test for at, test in enumerate(tests)}, "o": figure}
                for number, (tests, figure) in enumerate(rows)
            ],
            "passThrough": True,
            "executionMode": "single",
        },
    }


def _expressions(name: str, values: dict[str, str]) -> Node:
    return {
        "id": f"x_{name}",
        "type": "expressionNode",
        "name": name,
        "content": {
            "expressions": [{"id": key, "key": key, "value": value} for key, value in values.items()],
            "passThrough": True,
        },
    }
