"""Whoever asks for 資料 by mail gets them, or a person is told: no mail says that it encloses what is not there."""

import shutil
from pathlib import Path

import pytest

from services.notify.adapters.products import load_products_with_letters
from shared.events import Wishes
from tests.services.notify.builders import PRODUCT, a_request
from tests.services.notify.fakes import Writing
from tests.shared.products.builders import copy_of_the_product, replace_once

pytestmark = pytest.mark.anyio

BY_MAIL = Wishes(brochure="email", quote=False)
READY = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


async def test_the_insurers_own_pamphlet_is_enclosed_as_it_is(tmp_path: Path) -> None:
    """A release replaced our templates by the insurer's PDF. It was not enclosed, and the mail said it was."""
    folder = copy_of_the_product(tmp_path)
    shutil.rmtree(folder / "brochures")
    (folder / "brochures").mkdir()
    # As a Mac writes the name: グ in two characters.
    (folder / "brochures" / "2027年度 パンフレット(ク\u3099ループ用).pdf").write_bytes(READY)
    writing = Writing(tmp_path, product=load_products_with_letters(folder.parent)["cyber-security"])

    await writing.receive(a_request(parcel=writing.keys.parcel(), wishes=BY_MAIL))

    assert "　　- 2027年度 パンフレット(グループ用)" in writing.text("receipt").splitlines()
    assert writing.pdfs("receipt") == {"2027年度 パンフレット(グループ用).pdf": READY}


async def test_a_request_from_before_the_brochures_were_withdrawn_is_a_task_for_the_desk(tmp_path: Path) -> None:
    """It lay on hold while a release took choice and brochures out. The receipt said that they were enclosed."""
    folder = copy_of_the_product(tmp_path)
    shutil.rmtree(folder / "brochures")
    replace_once(folder / "form.yaml", "              - {value: email, label: メールで希望}\n", "")
    replace_once(folder / "form.yaml", 'version: "2026-10-01"', 'version: "2027-10-01"')
    writing = Writing(tmp_path, product=load_products_with_letters(folder.parent)["cyber-security"])

    await writing.receive(a_request(parcel=writing.keys.parcel(), wishes=BY_MAIL, form_version=PRODUCT.form.version))

    assert writing.kinds() == ["desk", "desk-undelivered"]
    assert writing.facts.outcomes.unmade() == {"receipt": "no-brochure"}
    assert "資料が、この商品に登録されていません" in writing.text("desk-undelivered")
