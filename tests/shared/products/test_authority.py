"""Who may set a premium by hand is data: what nobody could follow stops the start, and names its place."""

from pathlib import Path

import pytest

from pricing.tariff import load_priced_products
from shared.products import Grant, ProductError, load_product
from tests.shared.products.builders import copy_of_the_product, replace_once

LIMIT = "deviation_up_to: 10"


def test_a_grant_says_what_a_role_may_do_alone() -> None:
    grants = load_priced_products()["cyber-security"].authority

    assert grants[0] == Grant(
        role="underwriter",
        reasons=frozenset({"incident-reported", "card-issuing"}),
        premium_up_to=1_000_000,
        deviation_up_to=10,
    )


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        pytest.param("- role: underwriter", "- role: viewer", "authority.0.role", id="a role that changes nothing"),
        pytest.param("- role: underwriter", "- role: chief", "authority.0.role", id="a role that there is not"),
        pytest.param(LIMIT, "deviation_up_to: 101", "authority.0.deviation_up_to", id="more than all of it"),
        pytest.param(LIMIT, "deviation_up_to: -1", "authority.0.deviation_up_to", id="less than nothing"),
        pytest.param(LIMIT, "deviation_up_to: 9.5", "authority.0.deviation_up_to", id="half a percent"),
        pytest.param("premium_up_to: 1_000_000", "premium_up_to: 0", "authority.0.premium_up_to", id="no premium"),
        pytest.param(LIMIT, "percent: 10", "authority.0.percent", id="a name that means nothing"),
        pytest.param(
            "reasons: [incident-reported, card-issuing]\n",
            "reasons: [card-issuing, card-issuing]\n",
            "authority.0",
            id="a reason twice",
        ),
    ],
)
def test_what_nobody_could_follow_stops_the_start(tmp_path: Path, old: str, new: str, place: str) -> None:
    folder = copy_of_the_product(tmp_path)
    replace_once(folder / "product.yaml", old, new)

    with pytest.raises(ProductError) as refused:
        load_product(folder)

    assert place in [problem.key for problem in refused.value.problems]


def test_every_reason_that_is_granted_is_one_of_the_tariff() -> None:
    """A misspelt one would grant nothing, and nobody would notice before a referral waits."""
    for product in load_priced_products().values():
        known = {code for tariff in product.tariffs for code in (*tariff.messages, *_rules(tariff))}
        assert {code for grant in product.authority for code in grant.reasons} <= known


def _rules(tariff: object) -> list[str]:
    return [rule.code for rule in getattr(tariff, "rules", ())]
