"""`mitsumori tariff publish`: nothing prices requests before every check has passed, and nothing is published twice."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.tariff.products import find_product
from pricing.tariff import load_priced_products
from shared.products import ProductError
from tests.shared.products.builders import copy_of_the_product, release_form

NEXT = "2027-04-01"


@pytest.fixture
def products(tmp_path: Path) -> Path:
    """A folder with a copy of the product: ours stays as it is."""
    folder = tmp_path / "products"
    folder.mkdir()
    copy_of_the_product(folder)
    return folder


@pytest.fixture
def draft(tmp_path: Path, products: Path) -> Path:
    """The tariff of today under another date, with its golden cases, in a folder of drafts."""
    published = products / "cyber-security" / "tariff"
    path = tmp_path / "drafts" / f"{NEXT}.yaml"
    (path.parent / "golden").mkdir(parents=True)
    for source, target in (
        (published / "2026-10-01.yaml", path),
        (published / "golden" / "2026-10-01.yaml", path.parent / "golden" / path.name),
    ):
        target.write_text(source.read_text("utf-8").replace('tariff: "2026-10-01"', f'tariff: "{NEXT}"'), "utf-8")
    return path


def publish(products: Path, draft: Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["tariff", "--products", str(products), "publish", str(draft)])
    return result.exit_code, result.output


def tariffs(products: Path) -> list[str]:
    return [tariff.id for tariff in load_priced_products(products)["cyber-security"].tariffs]


def test_a_sound_draft_becomes_a_tariff_of_the_product(products: Path, draft: Path) -> None:
    code, output = publish(products, draft)

    assert (code, tariffs(products)) == (0, ["2026-10-01", NEXT])
    assert "2027年04月01日の受付分から有効です" in output
    assert (products / "cyber-security" / "tariff" / "golden" / draft.name).is_file()


def test_a_folder_is_for_one_command_only(products: Path, draft: Path) -> None:
    assert publish(products, draft)[0] == 0

    assert [tariff.id for tariff in find_product("cyber-security").tariffs] == ["2026-10-01"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param('retail: "92800"', 'retail: "92800000"', "lint", id="an outlier"),
        pytest.param('retail: "92800"', 'retail: "93800"', "検算例が一致しない", id="a figure that nobody worked out"),
        pytest.param('retail: "92800"', "retail: 92800", "quotes", id="what the loader refuses"),
    ],
)
def test_a_draft_that_fails_a_check_changes_nothing(
    products: Path, draft: Path, old: str, new: str, words: str
) -> None:
    draft.write_text(draft.read_text("utf-8").replace(old, new), "utf-8")

    code, output = publish(products, draft)

    assert (code, tariffs(products)) == (2, ["2026-10-01"])
    assert words in output


def test_without_golden_cases_nothing_is_published(products: Path, draft: Path) -> None:
    shutil.rmtree(draft.parent / "golden")

    code, _ = publish(products, draft)

    assert (code, tariffs(products)) == (2, ["2026-10-01"])


def test_nothing_is_published_twice(products: Path, draft: Path) -> None:
    publish(products, draft)
    cases = products / "cyber-security" / "tariff" / "golden" / draft.name
    before = cases.read_bytes()
    (draft.parent / "golden" / draft.name).write_bytes(before + b"# later\n")

    code, output = publish(products, draft)

    assert code == 2
    assert "すでに公開されています" in output
    assert cases.read_bytes() == before


def test_the_tariff_of_a_new_form_is_published_while_no_tariff_fits_it(products: Path, draft: Path) -> None:
    """Hotels are insured no more. The new form stopped every command, also the one that takes in its tariff."""
    release_form(products / "cyber-security", ("              - {value: hotel, label: 宿泊業}\n", ""))
    lines = draft.read_text("utf-8").splitlines(keepends=True)
    draft.write_text("".join(line for line in lines if not line.strip().startswith("hotel:")), "utf-8")
    golden = draft.parent / "golden" / draft.name
    first, *cases = golden.read_text("utf-8").split("  - name:")
    golden.write_text("  - name:".join((first, *(case for case in cases if "industry: hotel" not in case))), "utf-8")

    with pytest.raises(ProductError, match="hotel"):
        tariffs(products)
    code, output = publish(products, draft)

    assert code == 0, output
    assert tariffs(products) == ["2026-10-01", NEXT]
