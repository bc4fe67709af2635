"""notify starts only with products whose letters and papers can all be written."""

from pathlib import Path
from typing import get_args

import pytest

from services.notify.adapters.products import load_products_with_letters
from services.notify.domain.brochure import LINKED_BYTES
from services.notify.domain.message import MAX_BYTES
from shared.events import LetterKind
from shared.products import ProductError
from tests.shared.products.builders import copy_of_the_product, replace_once


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_the_product(tmp_path)


def test_every_product_has_a_letter_of_every_kind() -> None:
    product = load_products_with_letters()["cyber-security"]

    assert set(product.letters) == set(get_args(LetterKind))


def test_a_product_cannot_declare_a_kind_of_letter_of_its_own(folder: Path) -> None:
    """A news letter, say: nothing here could record who has refused it."""
    (folder / "letters" / "news.txt").write_text("Subject: 新商品のご案内\n\n{{ signature }}\n", encoding="utf-8")

    with pytest.raises(ProductError, match=r"news\.txt: there is no such kind of letter"):
        load_products_with_letters(folder.parent)


def test_all_that_is_wrong_is_said_at_once(folder: Path) -> None:
    """Those of the form too: to learn of one mistake at each start would take long."""
    replace_once(folder / "form.yaml", "when: {d3_02: yes}", "when: {d3_99: yes}")
    replace_once(folder / "letters" / "quote.txt", "{{ premium }}", "{{ incidents }}")
    replace_once(folder / "documents" / "quote.typ", "#typed(quote.company)~御中", "#quote.firm 御中")

    with pytest.raises(ProductError) as refused:
        load_products_with_letters(folder.parent)

    assert [problem.key for problem in refused.value.problems] == ["quote.firm", "d3_02_a.when", "incidents"]


def test_what_only_other_services_write_is_for_them_to_check(folder: Path) -> None:
    (folder / "documents" / "copy.typ").unlink()

    assert "cyber-security" in load_products_with_letters(folder.parent)


def test_labels_and_letters_that_staff_print_are_checked_at_the_start_where_a_product_has_them(folder: Path) -> None:
    """The dashboard makes them in a program of its own, and only when somebody waits for them."""
    template = folder / "documents" / "post.typ"
    replace_once(template, "post.on, author", "post.date, author")

    with pytest.raises(ProductError, match=r"post\.date: there is no such field"):
        load_products_with_letters(folder.parent)

    template.unlink()
    assert "cyber-security" in load_products_with_letters(folder.parent)


def test_a_ready_pdf_that_is_not_whole_stops_the_start(folder: Path) -> None:
    """The insurer's pamphlet, of which an upload broke off: every customer would have got what no reader opens."""
    (folder / "brochures" / "pamphlet.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n")

    with pytest.raises(ProductError, match=r"pamphlet\.pdf: is no whole PDF"):
        load_products_with_letters(folder.parent)


def test_ready_pdfs_that_are_too_big_for_a_mail_stop_the_start(folder: Path) -> None:
    """Otherwise each receipt would be `letter-too-big`."""
    for name in ("a", "b"):
        content = b"%PDF-1.7\n" + bytes(MAX_BYTES // 3) + b"\n%%EOF\n"
        (folder / "brochures" / f"{name}.pdf").write_bytes(content)

    with pytest.raises(ProductError, match=r"too big for a mail.*make them smaller, or set MITSUMORI_BROCHURES_URL"):
        load_products_with_letters(folder.parent)

    assert "cyber-security" in load_products_with_letters(folder.parent, with_links=True)


def test_a_ready_pdf_that_is_too_big_to_be_downloaded_stops_the_start(folder: Path) -> None:
    content = b"%PDF-1.7\n".ljust(LINKED_BYTES) + b"%%EOF\n"
    (folder / "brochures" / "a.pdf").write_bytes(content)

    with pytest.raises(ProductError, match=r"a\.pdf: is too big to be downloaded: 15,000,000 bytes"):
        load_products_with_letters(folder.parent, with_links=True)


def test_a_receipt_without_a_place_for_links_stops_the_start_where_there_may_be_some(folder: Path) -> None:
    """Whoever asked for the brochure would get a mail without it, and without a word of it."""
    receipt = folder / "letters" / "receipt.txt"
    receipt.write_text("Subject: 見本\n\n{{ signature }}\n", encoding="utf-8")

    with pytest.raises(ProductError, match=r"linked: is not used: brochures that are too big") as error:
        load_products_with_letters(folder.parent, with_links=True)

    assert "news_url: is not used: nobody could stop the news" in str(error.value)

    assert "cyber-security" in load_products_with_letters(folder.parent)
