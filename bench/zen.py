"""The same tariff as a decision graph (JDM) for GoRules' ZEN engine: a named baseline for our engine.

One premium from the same answers is compared, in this process, both with the tariff in memory. The graph is made from
the compiled tariff, so both use the same numbers. It is as quick as ZEN's documentation shows: each table is one
decision table, evaluated once where it counts; lines, scores and caps are expressions in few nodes; a switch skips
parts that were not asked for; and it returns only what is compared. It does not do what our engine does besides: check
that each answer is one of the form's, refer requests, and keep to what the agency may offer by itself.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import zen

from pricing.tariff import (
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
    Table,
    Tariff,
)

Node = dict[str, Any]
Evaluate = Callable[[Mapping[str, object]], Any]
"""From answers to `premium`, rounded in ZEN's own language, and `amount`, before the rounding."""

MILLION: Final = 1_000_000


def by_engine(tariff: Tariff) -> Evaluate:
    """Content compiled before, which a loader returns: the way that ZEN's documentation calls optimal."""
    content = zen.ZenDecisionContent(json.dumps(graph_of(tariff)))
    engine = zen.ZenEngine({"loader": lambda _key: content})
    return lambda answers: engine.evaluate(tariff.id, dict(answers))["result"]


def by_decision(tariff: Tariff) -> Evaluate:
    """A decision created once: the first example of ZEN's documentation."""
    decision = zen.ZenEngine().create_decision(zen.ZenDecisionContent(json.dumps(graph_of(tariff))))
    return lambda answers: decision.evaluate(dict(answers))["result"]


def graph_of(tariff: Tariff) -> Node:
    """The graph: part after part, each of which passes its input on, then their sum."""
    graph = _Graph()
    drawn: set[str] = set()
    totals = []
    for number, part in enumerate(tariff.parts):
        name = f"part_{number}"
        if part.when:
            passed = graph.switch(f"{name}_asked", _applies(part))
            _draw(graph, name, part, set(drawn))
            graph.ends.append(passed)
            totals.append(f"({name} ?? 0)")
        else:
            _draw(graph, name, part, drawn)
            totals.append(name)
    to = tariff.round_to_yen
    amount = f"max([{' + '.join(totals)}, {tariff.minimum_premium_yen}])"
    premium = f"floor($.amount / {to} + 0.5) * {to}"
    graph.add(_expressions("premium", {"amount": amount, "premium": premium}, pass_on=False))
    graph.add({"id": "out", "type": "outputNode", "name": "out"})
    return {"nodes": graph.nodes, "edges": graph.edges}


@dataclass
class _Graph:
    """A graph that grows at its ends. An end is a node and, for a switch, the branch that goes on."""

    nodes: list[Node] = field(default_factory=lambda: [{"id": "in", "type": "inputNode", "name": "in"}])
    edges: list[Node] = field(default_factory=list)
    ends: list[tuple[str, str | None]] = field(default_factory=lambda: [("in", None)])

    def add(self, node: Node) -> None:
        self.nodes.append(node)
        for source, handle in self.ends:
            edge = {"id": f"e{len(self.edges)}", "type": "edge", "sourceId": source, "targetId": node["id"]}
            self.edges.append(edge if handle is None else {**edge, "sourceHandle": handle})
        self.ends = [(node["id"], None)]

    def switch(self, name: str, condition: str) -> tuple[str, str]:
        """Add a switch. The graph grows on where *condition* holds; returns the end where it does not."""
        yes, no = f"{name}_yes", f"{name}_no"
        statements = [
            {"id": yes, "condition": condition, "isDefault": False},
            {"id": no, "condition": "", "isDefault": True},
        ]
        content = {"hitPolicy": "first", "statements": statements}
        self.add({"id": name, "type": "switchNode", "name": name, "content": content})
        self.ends = [(name, yes)]
        return name, no


def _draw(graph: _Graph, name: str, part: Part, drawn: set[str]) -> None:
    """Add the tables that are not in the graph yet, then the product of the part's factors."""
    values: dict[str, str] = {}
    factors = []
    for step in part.steps:
        if isinstance(step, Adjustment):
            values |= _adjustment(step)
            factors.append(f"$.{step.name}")
        else:
            if step.table.name not in drawn:
                graph.add(_table(step.table))
                drawn.add(step.table.name)
            factors.append(_held(_figure(step.table), step))
    values[name] = " * ".join(factors)
    graph.add(_expressions(f"{name}_product", values, pass_on=True))


def _held(figure: str, step: Step) -> str:
    if step.cap is not None:
        figure = f"min([{figure}, {step.cap}])"
    return figure if step.floor is None else f"max([{figure}, {step.floor}])"


def _figure(table: Table) -> str:
    return f"of_{table.name}"


def _table(table: Table) -> Node:
    rows = [
        {"_id": str(number), **{f"i{at}": test for at, test in enumerate(tests)}, "o": figure}
        for number, (tests, figure) in enumerate(_rows(table))
    ]
    return {
        "id": table.name,
        "type": "decisionTableNode",
        "name": table.name,
        "content": {
            "hitPolicy": "first",
            "inputs": [{"id": f"i{at}", "name": key, "field": key} for at, key in enumerate(table.reads)],
            "outputs": [{"id": "o", "name": table.name, "field": _figure(table)}],
            "rules": rows,
            "passThrough": True,
            "executionMode": "single",
        },
    }


def _rows(table: Table) -> Iterator[tuple[list[str], str]]:
    match table:
        case Exact():
            yield from (([_literal(choice)], str(figure)) for choice, figure in table.rows.items())
        case Crossed():
            yield from (([_literal(choice) for choice in place], str(figure)) for place, figure in table.rows.items())
        case Banded():
            # The first row that matches is used, so the highest band comes first.
            bands = reversed([*zip(table.starts, table.values, strict=True)])
            yield from (([f">= {start}"], str(figure)) for start, figure in bands)
        case Interpolated():
            yield from (([f"[{x0}..{x1}]"], line) for x0, x1, line in _lines(table.curve, table.reads[0]))


def _lines(curve: Curve, of: str) -> Iterator[tuple[int, int, str]]:
    """Each interval between two points, and the formula of the line in it, rounded to millionths."""
    for (x0, y0), (x1, y1) in pairwise(zip(curve.points, curve.values, strict=True)):
        yield x0, x1, f"floor({y0} + {y1 - y0} * ({of} - {x0}) / {x1 - x0} + 0.5) / {MILLION}"


def _adjustment(step: Adjustment) -> dict[str, str]:
    score, off = f"{step.name}_score", f"{step.name}_off"
    earned = " + ".join(map(_earned, step.score.items))
    values = {score: f"floor(({earned}) / {sum(item.weight for item in step.score.items)} + 0.5)"}
    *before, (_, _, last) = _lines(step.score.discount, f"$.{score}")
    values[off] = "".join(f"$.{score} <= {end} ? {line} : " for _, end, line in before) + last
    discount = f"$.{off}" if step.certificates is None else f"$.{off} + {_certified(step.certificates)}"
    values[step.name] = f"1 - ({discount})" if step.cap is None else f"1 - min([{step.cap}, {discount}])"
    return values


def _earned(item: Item) -> str:
    """Weight times millionths, of the better of its answers. A question that was not asked earns nothing."""
    worths = []
    for key, worth in item.by:
        good = {choice: item.weight * one for choice, one in worth.items() if one}
        if item.ticks:
            ticked = " + ".join(
                f"(contains({key} ?? [], {_literal(choice)}) ? {one} : 0)" for choice, one in good.items()
            )
            worths.append(f"min([{item.weight * MILLION}, {ticked}])")
        else:
            worths.append(
                " + ".join(f"({key} == {_literal(choice)} ? {one} : 0)" for choice, one in good.items()) or "0"
            )
    return worths[0] if len(worths) == 1 else f"max([{', '.join(worths)}])"


def _certified(held: Certificates) -> str:
    each = " + ".join(
        f"(contains({held.reads} ?? [], {_literal(one)}) ? {share} : 0)" for one, share in held.rows.items() if share
    )
    return f"min([{held.cap}, {each}])"


def _applies(part: Part) -> str:
    return " and ".join(f"{key} == {_literal(value)}" for key, value in part.when.items())


def _literal(value: str | int) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)


def _expressions(name: str, values: Mapping[str, str], *, pass_on: bool) -> Node:
    expressions = [{"id": key, "key": key, "value": value} for key, value in values.items()]
    return {
        "id": name,
        "type": "expressionNode",
        "name": name,
        "content": {"expressions": expressions, "passThrough": pass_on},
    }
