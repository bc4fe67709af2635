"""What priced a quote is kept as text, and can be read from that text alone."""

from dataclasses import replace

from services.rating.domain.edition import edition_of, tariff_in
from tests.pricing.builders import PRODUCT, TARIFF


def test_another_tariff_or_another_form_is_another_edition() -> None:
    ours = edition_of(PRODUCT, TARIFF, PRODUCT.form)
    other_tariff = edition_of(PRODUCT, replace(TARIFF, text=TARIFF.text + "#"), PRODUCT.form)
    other_form = edition_of(PRODUCT, TARIFF, replace(PRODUCT.form, text=PRODUCT.form.text + "#"))

    assert len({ours.id, other_tariff.id, other_form.id}) == 3


def test_an_edition_compiles_to_the_tariff_that_it_was_made_of() -> None:
    assert tariff_in(edition_of(PRODUCT, TARIFF, PRODUCT.form)) == TARIFF
