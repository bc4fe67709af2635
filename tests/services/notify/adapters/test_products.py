"""notify starts only with products whose letters and papers can all be written."""

from pathlib import Path
from typing import get_args

import pytest

from services.notify.adapters.products import load_products_with_letters
from shared.events import LetterKind
from shared.products import ProductError
from tests.shared.products.builders import copy_of_the_product, replace_once


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_the_product(tmp_path)


def test_every_product_has_a_letter_of_every_kind() -> None:
    product = load_products_with_letters()["cyber-security"]

    assert set(product.letters) == set(get_args(LetterKind))


def test_all_that_is_wrong_is_said_at_once(folder: Path) -> None:
    """Those of the form too: to learn of one mistake at each start would take long."""
    replace_once(folder / "form.yaml", "when: {d3_02: yes}", "when: {d3_99: yes}")
    replace_once(folder / "letters" / "quote.txt", "{{ premium }}", "{{ incidents }}")
    replace_once(folder / "documents" / "quote.typ", "#typed(quote.company) 御中", "#quote.firm 御中")

    with pytest.raises(ProductError) as refused:
        load_products_with_letters(folder.parent)

    assert [problem.key for problem in refused.value.problems] == ["quote.firm", "d3_02_a.when", "incidents"]


def test_what_only_other_services_write_is_for_them_to_check(folder: Path) -> None:
    (folder / "documents" / "copy.typ").unlink()

    assert "cyber-security" in load_products_with_letters(folder.parent)
