"""The answers of an average customer, of which each test changes only what it is about; and any that can be priced."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st

from pricing.engine.price import price
from pricing.engine.result import Offered, Referred
from pricing.tariff import Banded, PricedProduct, Tariff, load_priced_products

PRODUCT: Final[PricedProduct] = load_priced_products()["cyber-security"]
TARIFF: Final[Tariff] = next(tariff for tariff in PRODUCT.tariffs if tariff.id == "2026-10-01")
WITHOUT_AUTHORITY: Final = replace(
    TARIFF,
    authority=Banded(
        name="authority", reads=("liability_limit",), starts=(0,), values=(Decimal(10**12),), outside="unknown-choice"
    ),
)
"""For comparing premiums that the agency may not offer without asking the insurer."""

NOON: Final = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)

HALF_IN_PLACE: Final = frozenset(
    {"d3_01", "d3_01_a", "d3_01_b", "d3_01_c", "d3_06", "d3_07", "d3_08", "d3_09", "d3_12"}
    | {"d4_1", "d4_2", "d4_3"}  # and d4_7, below
)
"""Controls that earn exactly half of the score."""

SUB_QUESTIONS: Final = {
    "d3_01_a": "d3_01",
    "d3_01_b": "d3_01",
    "d3_01_c": "d3_01",
    "d3_02_a": "d3_02",
    "d3_15_a": "d3_15",
    "d4_2_a": "d4_2",
}
YES_NO: Final = (*(f"d3_{n:02}" for n in range(1, 22)), *(f"d4_{n}" for n in range(1, 7)))


def answers(**changes: object) -> dict[str, Any]:
    """A retailer with 5億円 turnover and about half of the controls in place: every factor is 1."""
    cover = {
        "industry": "retail",
        "plan": "basic",
        "liability_limit": 100_000_000,
        "cost_limit": 30_000_000,
        "liability_deductible": 100_000,
        "cost_deductible": 0,
        "rider_it": "no",
        "rider_leak_only": "no",
        "rider_fixed_premium": "yes",
    }
    controls = {key: "yes" if key in HALF_IN_PLACE else "no" for key in (*YES_NO, *SUB_QUESTIONS)}
    controls["d3_15"] = "unknown"
    lists = {"d3_22": ["none"], "d4_7": ["mfa"]}
    return {"turnover": 500_000, "incidents": "no", **cover, **controls, **lists, **changes}


def controls(answer: str) -> dict[str, str]:
    """The same answer to every yes-or-no control; 3-3 asks for something else, and so does 3-15."""
    return {key: answer for key in (*YES_NO, *SUB_QUESTIONS) if key not in ("d3_03", "d3_15")}


ALL_IN_PLACE: Final[dict[str, str]] = {**controls("yes"), "d3_15": "no"}
NOTHING_IN_PLACE: Final[dict[str, str]] = {**controls("no"), "d3_15": "unknown"}


def premium(given: dict[str, Any], tariff: Tariff = TARIFF) -> int:
    """What it costs; fails for a referral."""
    result = price(given, tariff)
    assert isinstance(result, Offered), result
    return result.premium_yen


def reasons(given: dict[str, Any], tariff: Tariff = TARIFF) -> list[str]:
    """The codes of the reasons for a referral; none for an offer."""
    result = price(given, tariff)
    return [reason.code for reason in result.reasons] if isinstance(result, Referred) else []


QUESTIONS: Final = WITHOUT_AUTHORITY.questions
ELIGIBLE: Final = [
    choice for choice in QUESTIONS["industry"].choices if not reasons(answers(industry=choice), WITHOUT_AUTHORITY)
]
CHECKED: Final = settings(max_examples=80, deadline=None)


def ticks(key: str) -> st.SearchStrategy[list[str]]:
    choices = [str(choice) for choice in QUESTIONS[key].choices if choice != "none"]
    return st.just(["none"]) | st.lists(st.sampled_from(choices), min_size=1, unique=True)


def one_of(key: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(list(QUESTIONS[key].choices))


PRICEABLE: Final = st.fixed_dictionaries(
    {
        **{key: one_of(key) for key in QUESTIONS if QUESTIONS[key].kind in ("choice", "amount")},
        "turnover": st.integers(1_000, 500_000_000),
        "industry": st.sampled_from(ELIGIBLE),
        "incidents": st.just("no"),
        "d3_03": st.just("no"),
        "rider_leak_only": st.just("no"),
        "cost_limit": st.sampled_from([c for c in QUESTIONS["cost_limit"].choices if c != 10_000_000]),
        "d3_22": ticks("d3_22"),
        "d4_7": ticks("d4_7"),
    }
)
"""Answers that the tariff has a price for."""
