"""見積書 with much and with little on them, as values."""

import shutil
import struct
import zlib
from dataclasses import replace
from pathlib import Path

from services.notify.domain.offer import ChangedTerm
from services.notify.domain.parcels import Terms
from services.notify.domain.premium_table import PremiumTable, TableCell, TableRow
from services.notify.domain.quote_document import NamedOption, quote_document
from shared.events.parcels import Contact
from shared.products import Product
from shared.products.seal import SEAL
from tests.services.notify.builders import CONTACT, PRODUCT, TERMS, an_offer

DOCUMENT = quote_document(an_offer(), PRODUCT, Contact(**CONTACT), Terms.model_validate(TERMS), form=PRODUCT.form)
BOARD = PremiumTable(
    title="賠償損害の支払限度額 × 賠償損害の免責金額",
    columns=("なし", "10万円", "30万円", "50万円", "100万円", "300万円"),
    lines=tuple(
        TableRow(f"{row}億円", tuple(TableCell(f"{row}7{column},350", (row, column) == (2, 1)) for column in range(6)))
        for row in range(7)
    ),
    notes=("※1 費用損害の免責金額は、支払限度額より低くする必要があります。",),
)
OPTIONS = tuple(
    NamedOption(
        name=name, limits=("5,000万円", "2,000万円"), deductibles=("20万円", "なし"), premium="182,510", is_head=False
    )
    for name in ("保険料を抑えたご案内", "ご希望の内容", "補償を手厚くしたご案内")
)
HINTS = (("通信の暗号化", "4,640円"), ("外部の専門家による監査・診断", "3,710円"), ("多要素認証の導入", "2,110円"))
CHANGES = tuple(
    ChangedTerm(term=term, requested="5億円", offered="3億円", why="ご希望の組み合わせは、併せて付帯できません。")
    for term in ("プラン", "賠償損害の支払限度額", "費用損害の支払限度額")
)
DECLARED = tuple(
    (f"{section.title}-{question.number} {question.label}", f"{choice.label}({choice.meaning})")
    for page in PRODUCT.form.pages
    for section in page.sections
    for question in section.questions
    for choice in question.choices[:1]
    if choice.meaning
)
USUAL = replace(DOCUMENT, options=OPTIONS, boards=(BOARD, BOARD), hints=HINTS, declared=DECLARED)
"""What nearly every customer gets."""
EVERYTHING = replace(USUAL, changes=CHANGES)


def a_product_with_seal(folder: Path) -> Product:
    """The product with a red square as its 角印, from a copy in *folder*."""
    copied = Path(shutil.copytree(PRODUCT.folder, folder / "cyber-security"))
    (copied / SEAL).write_bytes(_a_png(300))
    return replace(PRODUCT, folder=copied, agency=replace(PRODUCT.agency, seal=f"/{SEAL}"))


def _a_png(size: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress((b"\0" + b"\xc0\x30\x20" * size) * size)
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
