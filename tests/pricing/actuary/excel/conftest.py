"""The workbook that most tests edit."""

from pathlib import Path

import pytest

from tests.pricing.actuary.excel.builders import EditedWorkbook


@pytest.fixture
def workbook(tmp_path: Path) -> EditedWorkbook:
    return EditedWorkbook(tmp_path)
