"""A picture of the 角印 that is unfit to print stops the start: it would be on every 見積書."""

import struct
from pathlib import Path

import pytest

from shared.products.load import load_product
from tests.shared.products.builders import copy_of_the_product, problems_in

END = b"\0\0\0\0IEND\xaeB`\x82"


def head(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + struct.pack(">II", width, height)


def test_a_product_has_the_seal_that_lies_in_its_folder(tmp_path: Path) -> None:
    folder = copy_of_the_product(tmp_path)
    assert load_product(folder).agency.seal == ""

    (folder / "documents" / "seal.png").write_bytes(head(300, 300) + END)

    assert load_product(folder).agency.seal == "/documents/seal.png"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "is no whole PNG", id="nothing"),
        pytest.param(b"\xff\xd8\xff\xe0" + bytes(100), "is no whole PNG", id="a JPEG"),
        pytest.param(head(300, 300) + bytes(100), "is no whole PNG", id="cut off"),
        pytest.param(head(300, 200) + END, "has 300 x 200 pixels", id="not square"),
        pytest.param(head(199, 199) + END, "has 199 x 199 pixels", id="too coarse"),
        pytest.param(head(1001, 1001) + END, "has 1001 x 1001 pixels", id="too fine"),
        pytest.param(head(300, 300) + bytes(60_000) + END, "at most 60,000", id="too big for every mail"),
    ],
)
def test_a_seal_that_is_unfit_to_print_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    folder = copy_of_the_product(tmp_path)
    (folder / "documents" / "seal.png").write_bytes(content)

    [problem] = problems_in(folder)

    assert problem.file == folder / "documents" / "seal.png"
    assert said in problem.message
