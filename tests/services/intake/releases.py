"""The next release of the product: its form or its purpose text is not the one that some customers have read."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from shared.products import Product, load_product
from tests.services.intake.builders import a_product

Edit = tuple[str, str, str]
"""In a file of the product, what stands there and what stands there then."""

NEW_LABEL: Final = ("form.yaml", "label: 企業名\n", "label: 法人の名称\n")
NEW_CHOICE: Final = ("form.yaml", "label: 多要素認証}", "label: 二要素以上の認証}")
_BUILDING: Final = """\
          - key: building
            kind: text
            label: ビル名等
            max_length: 200
            autocomplete: address-line2
"""
NO_BUILDING: Final = ("form.yaml", _BUILDING, "")
NEW_PURPOSE_VERSION: Final = ("product.yaml", 'version: "2026-10-01"\n', 'version: "2027-04-01"\n')
NEW_PURPOSE_TEXT: Final = ("product.yaml", "個人情報の取扱いについて(見本)", "個人情報の取扱いについて(改訂した見本)")
NEW_NOTICE: Final = ("product.yaml", "  declaration:", "  added: 追加された見本の注記\n  declaration:")


def a_release(folder: Path, edits: Iterable[Edit]) -> Product:
    """The product with *edits*, read from a copy in *folder*."""
    copied = Path(shutil.copytree(a_product().folder, folder / "cyber-security"))
    for name, before, after in edits:
        text = (copied / name).read_text("utf-8")
        assert text.count(before) == 1, (name, before)
        (copied / name).write_text(text.replace(before, after), "utf-8")
    return load_product(copied)
