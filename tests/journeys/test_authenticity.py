"""Whoever is handed a 見積書 follows its link, and is told whether it is ours: from the mail to the page."""

import io
from hashlib import sha256

from pypdf import PdfReader

from tests.journeys.world import World, a_quote, until


def test_the_link_on_a_quotation_says_that_it_is_ours_and_knows_a_changed_one(world: World) -> None:
    request = world.submit(a_quote())
    world.ends(request, "quoted", {"receipt", "quote", "desk"})
    [paper] = [file for mail in world.mails(request) for file in mail.attachments if "御見積書" in file.name]
    [link] = [
        str(note.get_object()["/A"]["/URI"])
        for page in PdfReader(io.BytesIO(paper.content)).pages
        for note in page.get("/Annots", [])
    ]

    def said(content: bytes) -> str:
        return world.http.get(link, params={"sha256": sha256(content).hexdigest()}).text

    page = until(lambda: text if "有効期限内です" in (text := said(paper.content)) else None)
    changed = said(paper.content.replace(b"%PDF-1.7", b"%PDF-1.6"))

    assert f"{request.reception_no}-1" in page
    assert "発行した見積書と同じものです" in page
    assert "同じものではありません" in changed
