"""Brochures that a mail would be too big for are downloaded: the mail has links, which hold for thirty days."""

import shutil
from pathlib import Path

import pytest

from services.notify.adapters.products import load_products_with_letters
from services.notify.domain.brochure import BrochureFile
from services.notify.domain.brochure_links import FOLDER, BrochureLinks
from services.notify.domain.message import MAX_BYTES
from services.notify.domain.product import ProductWithLetters
from services.notify.usecases.fetch_brochure import FetchBrochure, NoBrochure
from services.notify.usecases.keep_brochures import KeepBrochures
from shared.events import LetterCopyAsked, Wishes
from tests.services.notify.builders import CONTACT, NOON, REQUEST_ID, a_request, an_asking_for_a_copy
from tests.services.notify.fakes import InMemoryBrochures, Writing
from tests.shared.products.builders import copy_of_the_product

pytestmark = pytest.mark.anyio

BY_MAIL = Wishes(brochure="email", quote=False)
LINKS = BrochureLinks("https://form.agency.example", {"notify-1": bytes(32)})
BASE = f"{LINKS.address}/{FOLDER}/"
BIG, SMALL = MAX_BYTES * 6 // 10 + 1, 1_000


def a_product(folder: Path, **sizes: int) -> ProductWithLetters:
    """The shipped one, with ready PDFs of these sizes in place of its brochures."""
    copy = copy_of_the_product(folder)
    shutil.rmtree(copy / "brochures")
    (copy / "brochures").mkdir()
    for title, size in sizes.items():
        (copy / "brochures" / f"{title}.pdf").write_bytes(b"%PDF-1.7\n".ljust(size - 6) + b"\n%%EOF")
    return load_products_with_letters(folder, with_links=True)["cyber-security"]


async def a_receipt(tmp_path: Path, **sizes: int) -> Writing:
    """Whoever asked for brochures of these sizes by mail has got the receipt."""
    writing = Writing(tmp_path, product=a_product(tmp_path / "products", **sizes), links=LINKS)
    await writing.receive(a_request(parcel=writing.keys.parcel(), wishes=BY_MAIL))
    return writing


def links_in(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith(BASE)]


async def kept(writing: Writing) -> FetchBrochure:
    """What a process can give out that has started with the product of *writing*."""
    brochures = InMemoryBrochures(writing.folder)
    keep = KeepBrochures(papers=writing.papers, brochures=brochures, enclosed_bytes=LINKS.enclosed_bytes)
    await keep(writing.product)
    return FetchBrochure(links=LINKS, brochures=brochures, now=writing.clock)


async def test_a_brochure_that_is_too_big_is_a_link_and_the_others_are_enclosed(tmp_path: Path) -> None:
    writing = await a_receipt(tmp_path, パンフレット=BIG, 概要=SMALL)

    text, mail = writing.text("receipt"), writing.mail("receipt")
    assert list(writing.pdfs("receipt")) == ["概要.pdf"]
    assert "　　- 概要" in text.splitlines()
    assert "　パンフレット" in text.splitlines()
    assert len(links_in(text)) == 1
    assert "2026年12月23日までご利用いただけます" in text
    assert len(mail.as_bytes()) < 100_000


async def test_where_all_fit_there_are_no_links(tmp_path: Path) -> None:
    writing = await a_receipt(tmp_path, パンフレット=SMALL, 概要=SMALL)

    assert len(writing.pdfs("receipt")) == 2
    assert BASE not in writing.text("receipt")
    assert "ダウンロード" not in writing.text("receipt")


async def test_no_mail_says_that_it_encloses_what_is_only_linked(tmp_path: Path) -> None:
    writing = await a_receipt(tmp_path, パンフレット=BIG, 約款=BIG)

    text = writing.text("receipt")
    assert writing.pdfs("receipt") == {}
    assert "添付しております" not in text
    assert "下記のURLからダウンロードしてください" in text
    assert len(links_in(text)) == 2


async def test_the_html_has_the_same_link_to_press(tmp_path: Path) -> None:
    writing = await a_receipt(tmp_path, パンフレット=BIG)

    html = writing.mail("receipt").get_body(("html",))
    [link] = links_in(writing.text("receipt"))
    assert html is not None
    assert f'<a href="{link}"' in html.get_content()


async def test_a_link_says_nothing_of_who_asked(tmp_path: Path) -> None:
    """It may be passed on, and stands in the logs of whatever it passes: two customers have the same one."""
    writing = await a_receipt(tmp_path, パンフレット=BIG)
    other = Writing(tmp_path, product=writing.product, links=LINKS)
    await other.receive(a_request(parcel=other.keys.parcel(), wishes=BY_MAIL, request_id="another"))

    [link] = links_in(writing.text("receipt"))
    assert links_in(other.text("receipt")) == [link]
    assert not any(word in link for word in (REQUEST_ID, CONTACT["email"], "K7M2P4XR"))


async def test_staff_see_the_link_in_their_copy_of_the_letter(tmp_path: Path) -> None:
    writing = await a_receipt(tmp_path, パンフレット=BIG)
    [letter] = [letter for letter in writing.letters.heads.values() if letter.kind == "receipt"]
    asked: LetterCopyAsked = an_asking_for_a_copy(letter_id=letter.id)

    await writing.copy(asked)

    assert links_in(writing.opened(asked.copy_id).text) == links_in(writing.text("receipt"))


async def test_the_link_of_a_mail_leads_to_the_brochure_to_the_second_of_its_end(tmp_path: Path) -> None:
    writing = await a_receipt(tmp_path, パンフレット=BIG)
    fetch, [link] = await kept(writing), links_in(writing.text("receipt"))

    writing.clock.advance(days=30, hours=11, minutes=59, seconds=59)
    found = await fetch(link.removeprefix(BASE))
    writing.clock.advance(seconds=1)
    late = await fetch(link.removeprefix(BASE))

    assert isinstance(found, BrochureFile)
    assert (found.path.stat().st_size, found.name.shown) == (BIG, "パンフレット.pdf")
    assert late == NoBrochure("over", "cyber-security")


async def test_after_an_update_of_the_product_a_link_leads_to_the_version_of_its_mail(tmp_path: Path) -> None:
    """The customer reads what was in force when they asked, and the 募集文書番号 on it is that of the mail."""
    before = await a_receipt(tmp_path, パンフレット=BIG)
    fetch, [link] = await kept(before), links_in(before.text("receipt"))
    after = Writing(tmp_path, product=a_product(tmp_path / "after", 新パンフレット=BIG + 1))

    await KeepBrochures(papers=after.papers, brochures=fetch.brochures, enclosed_bytes=BIG)(after.product)
    found = await fetch(link.removeprefix(BASE))

    assert isinstance(found, BrochureFile)
    assert (found.path.stat().st_size, found.name.shown) == (BIG, "パンフレット.pdf")


async def test_nobody_is_asked_about_a_link_that_we_have_not_made(tmp_path: Path) -> None:
    """Else whoever tries addresses would ask the database for each of them."""
    brochures = InMemoryBrochures(tmp_path, is_away=True)
    fetch = FetchBrochure(links=LINKS, brochures=brochures, now=lambda: NOON)

    assert await fetch(f"cyber-security/20261225/{'0' * 20}/{'0' * 20}") == NoBrochure("unknown")
