"""A file that nothing reads stops the start and is named: whoever put it into the product believes that it is used.

A release put `guide.TYP` and `guide.docx` among the brochures; both were passed over without a word, and
customers got mails without them. A tariff called `.yml` would have left every price as it was.
"""

import shutil
from pathlib import Path

import pytest

from shared.products import brochure_files
from tests.shared.products.builders import copy_of_the_product, problems_in, replace_once

GUIDE = "brochures/guide.typ"
TARIFF = "tariff/2026-10-01.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_the_product(tmp_path)


@pytest.mark.parametrize(
    ("like", "misnamed"),
    [
        pytest.param(GUIDE, "brochures/guide.TYP", id="in capitals"),
        pytest.param(GUIDE, "brochures/pamphlet.PDF", id="a PDF in capitals"),
        pytest.param(GUIDE, "brochures/2027/late.typ", id="in a folder of its own"),
        pytest.param(GUIDE, "brochures/guide.docx", id="no PDF"),
        pytest.param(GUIDE, "brochure/late.typ", id="in a folder of another name"),
        pytest.param("documents/quote.typ", "documents/quote-2027.typ", id="a paper that nobody makes"),
        pytest.param("letters/quote.txt", "letters/quote.TXT", id="a letter"),
        pytest.param("letters/quote.txt", "letters/2027/quote.txt", id="a folder of letters"),
        pytest.param("letters/quote.txt", "letter/quote.txt", id="letters in a folder of another name"),
        pytest.param(TARIFF, "tariff/2027-04-01.yml", id="a tariff"),
        pytest.param(TARIFF, "tariff/2027/2027-04-01.yaml", id="a tariff in a folder of its own"),
        pytest.param(TARIFF, "tariff/golden/2027-04-01.yml", id="the examples of a tariff"),
        pytest.param("form.yaml", "former-forms/2025.yml", id="a former form"),
        pytest.param(
            "form.yaml", "former_forms/2025-10-01+0badc0de.yaml", id="former forms, in a folder of another name"
        ),
        pytest.param("form.yaml", "form-2027.yaml", id="a form"),
    ],
)
def test_a_misnamed_file_stops_the_start_and_is_named(folder: Path, like: str, misnamed: str) -> None:
    (folder / misnamed).parent.mkdir(exist_ok=True)
    shutil.copy(folder / like, folder / misnamed)

    problems = problems_in(folder)

    assert any(misnamed.rpartition("/")[0] in str(problem) for problem in problems)


def test_what_a_template_takes_in_is_read(folder: Path) -> None:
    (folder / "brochures" / "logo.svg").write_text("<svg/>")
    replace_once(folder / GUIDE, "<title>", '<title>\n#let logo() = image("logo.svg")\n')

    assert problems_in(folder) == ()


def test_what_a_desktop_leaves_behind_is_no_part_of_the_product(folder: Path) -> None:
    for name in (".DS_Store", "._guide.typ", "._pamphlet.pdf"):
        (folder / "brochures" / name).write_bytes(b"\0\1")

    assert problems_in(folder) == ()
    assert [path.name for path in brochure_files(folder)] == ["guide.typ", "incident.typ"]


@pytest.mark.parametrize("is_there", [True, False], ids=["empty", "gone"])
def test_a_form_that_offers_brochures_by_mail_needs_one(folder: Path, is_there: bool) -> None:  # noqa: FBT001  a table
    """A release took them out. The receipt said 「資料は、このメールに添付しております」 with nothing enclosed."""
    shutil.rmtree(folder / "brochures")
    if is_there:
        (folder / "brochures").mkdir()

    [problem] = problems_in(folder)

    assert problem.file == folder / "brochures"
    assert "the form offers brochures by mail" in problem.message


def test_a_form_that_offers_none_by_mail_needs_none(folder: Path) -> None:
    shutil.rmtree(folder / "brochures")
    replace_once(folder / "form.yaml", "              - {value: email, label: メールで希望}\n", "")

    assert not any("brochures" in str(problem) for problem in problems_in(folder))
