"""A published tariff can never change, and the form does: an earlier tariff is read against the form of its time."""

from pathlib import Path

from pricing.actuary.tariff_file import load_tariff_file
from pricing.tariff import load_priced_product
from tests.pricing.builders import PRODUCT, TARIFF
from tests.shared.products.builders import a_release_without_retail


def test_an_earlier_tariff_belongs_to_an_earlier_form(tmp_path: Path) -> None:
    """A choice that a form drops was a hole in every new form and a row too many in the old tariff: nothing started."""
    product = load_priced_product(a_release_without_retail(tmp_path))

    assert {tariff.id: tariff.form_version for tariff in product.tariffs} == {
        "2026-10-01": PRODUCT.form.version,
        "2027-04-01": product.form.version,
    }


def test_an_actuary_can_still_compare_with_it(tmp_path: Path) -> None:
    """`mitsumori tariff diff 2026-10-01 …` would have refused the old tariff, for a form that it does not know."""
    product = load_priced_product(a_release_without_retail(tmp_path))

    assert load_tariff_file("2026-10-01", product).tariff == TARIFF
