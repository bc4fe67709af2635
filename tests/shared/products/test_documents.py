"""What solicits for insurance bears its 募集文書番号, or the start stops."""

from pathlib import Path

import pytest

from shared.products import Problem
from tests.shared.products.builders import copy_of_the_product, problems_in, replace_once


@pytest.mark.parametrize("file", ["brochures/guide.typ", "brochures/incident.typ", "documents/quote.typ"])
def test_a_document_that_solicits_without_its_number_stops_the_start(tmp_path: Path, file: str) -> None:
    path = copy_of_the_product(tmp_path) / file
    path.write_text(path.read_text("utf-8").replace("document_no", "insurer"), "utf-8")

    assert problems_in(path.parents[1]) == (
        Problem(path, 0, "document_no", "is not used: a document that solicits bears its 募集文書番号"),
    )


@pytest.mark.parametrize("number", ["", '" "'], ids=["nothing", "a blank"])
def test_a_product_without_a_number_stops_the_start(tmp_path: Path, number: str) -> None:
    folder = copy_of_the_product(tmp_path)
    replace_once(folder / "product.yaml", "document_no: 見本26-000000(2026年10月作成)", f"document_no: {number}")

    assert [problem.key for problem in problems_in(folder)] == ["document_no"]
