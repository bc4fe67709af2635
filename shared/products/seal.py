"""The picture of the agency's 角印, which stands on the 見積書 of a product that has one: `documents/seal.png`.

It is looked at when the product is read, as a wrong one would be on every 見積書 from then on.
"""

import struct
from pathlib import Path
from typing import Final

from shared.products.errors import Problem, ProductError

SEAL: Final = "documents/seal.png"
_MOST_BYTES: Final = 60_000
"""It is part of each 見積書, which is to have less than 200 kB with it."""
_FEWEST_PIXELS, _MOST_PIXELS = 200, 1_000
"""It is printed 18 mm wide: 200 pixels are 280 to the inch."""
_HEAD: Final = struct.Struct(">8s4x4sII")
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def find_seal(folder: Path) -> str:
    """Its path from the product's *folder*; empty when there is none. Raises `ProductError` when it is unfit."""
    path = folder / SEAL
    if not path.exists():
        return ""
    content = path.read_bytes()
    if wrong := _wrong(content):
        raise ProductError([Problem(path, 0, path.name, wrong)])
    return f"/{SEAL}"


def _wrong(content: bytes) -> str:
    signature, kind, width, height = _HEAD.unpack(content[: _HEAD.size].ljust(_HEAD.size))
    if signature != _SIGNATURE or kind != b"IHDR" or not content.rstrip().endswith(b"IEND\xaeB`\x82"):
        return "is no whole PNG"
    if width != height or not _FEWEST_PIXELS <= width <= _MOST_PIXELS:
        return f"has {width} x {height} pixels; a seal is square, with {_FEWEST_PIXELS} to {_MOST_PIXELS} on each side"
    if len(content) > _MOST_BYTES:
        return f"has {len(content):,} bytes, and is part of every paper: at most {_MOST_BYTES:,}"
    return ""
