"""The words of a question, also over a release of the form."""

from pathlib import Path

import pytest

from shared.products import load_product
from tests.shared.products.builders import REMOVED_RIDER, REMOVED_RULE, a_release_of


@pytest.mark.parametrize(
    ("key", "label"),
    [
        pytest.param("company", "企業名", id="asked today"),
        pytest.param("rider_leak_only", "情報漏えい限定補償特約", id="asked before the release"),
        pytest.param("d9_99", "d9_99", id="never asked"),
    ],
)
def test_errors_at_a_question_are_counted_under_its_words_also_when_it_is_asked_no_more(
    tmp_path: Path, key: str, label: str
) -> None:
    """The counts go back 400 days: after a question was dropped, `mitsumori funnel` ended with a `KeyError`."""
    product = load_product(a_release_of(tmp_path, REMOVED_RIDER, REMOVED_RULE))

    assert product.question_label(key) == label
