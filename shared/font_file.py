"""Which characters a TrueType file has: its tables `cmap`, `head`, `hhea` and `hmtx` (OpenType 1.9, "Font file").

It is a reader of our own because a library that reads whole fonts took half a second and 30 MB of every process that
sets papers. A test holds the two together, font by font.
"""

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TABLE: Final = struct.Struct(">4s4xII")
_READ: Final = (b"cmap", b"head", b"hhea", b"hmtx")
_ENCODING: Final = struct.Struct(">HHI")
_GROUP: Final = struct.Struct(">III")
_SELECTOR: Final = struct.Struct(">3sII")
_RANGE: Final = struct.Struct(">3sB")
_MAPPING: Final = struct.Struct(">3s2x")
_BY_SEGMENT, _BY_GROUP, _VARIATIONS = 4, 12, 14
"""The formats of the parts of a cmap: of the first 65,536 characters, of all, and of variation sequences."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """The characters of one font, by code point."""

    widths_em: dict[int, float]
    variants: dict[int, frozenset[int]]
    """By the variation selector: the ideographs that it changes."""


def read_font(path: Path) -> FontFile:
    """The font in *path*, which has a `cmap` for Unicode."""
    tables = _tables(path)
    parts = dict(_parts(tables[b"cmap"]))
    glyphs = dict(_by_group(parts[_BY_GROUP]) if _BY_GROUP in parts else _by_segment(parts[_BY_SEGMENT]))
    (em,) = struct.unpack_from(">H", tables[b"head"], 18)
    (measured,) = struct.unpack_from(">H", tables[b"hhea"], 34)
    widths = [width for width, _ in struct.iter_unpack(">Hh", tables[b"hmtx"][: measured * 4])]
    return FontFile(
        # The last width is also that of every glyph after it.
        widths_em={code: widths[min(glyph, measured - 1)] / em for code, glyph in glyphs.items()},
        variants=dict(_variants(parts[_VARIATIONS])) if _VARIATIONS in parts else {},
    )


def _tables(path: Path) -> dict[bytes, bytes]:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        (count,) = struct.unpack_from(">H", content, 4)
        directory = _TABLE.iter_unpack(content[12 : 12 + count * _TABLE.size])
        return {tag: content[at : at + length] for tag, at, length in directory if tag in _READ}


def _parts(cmap: bytes) -> Iterator[tuple[int, bytes]]:
    (count,) = struct.unpack_from(">H", cmap, 2)
    for _platform, _encoding, at in _ENCODING.iter_unpack(cmap[4 : 4 + count * _ENCODING.size]):
        (form,) = struct.unpack_from(">H", cmap, at)
        yield form, cmap[at:]


def _by_group(part: bytes) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">I", part, 12)
    for first, last, glyph in _GROUP.iter_unpack(part[16 : 16 + count * _GROUP.size]):
        yield from zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True)


def _by_segment(part: bytes) -> Iterator[tuple[int, int]]:
    (doubled,) = struct.unpack_from(">H", part, 6)
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{doubled // 2}H", part, at)
        for at in (14, *range(16 + doubled, 16 + doubled * 4, doubled))
    )
    for segment, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, last + 1):
            glyph = code
            if offsets[segment]:
                # The offset counts from its own place in the part.
                place = 16 + doubled * 3 + segment * 2 + offsets[segment] + (code - first) * 2
                (glyph,) = struct.unpack_from(">H", part, place)
            if glyph and (glyph := (glyph + deltas[segment]) & 0xFFFF):
                yield code, glyph


def _variants(part: bytes) -> Iterator[tuple[int, frozenset[int]]]:
    (count,) = struct.unpack_from(">I", part, 6)
    for selector, usual, other in _SELECTOR.iter_unpack(part[10 : 10 + count * _SELECTOR.size]):
        codes = {
            code
            for first, more in (_RANGE.iter_unpack(_rows(part, usual, _RANGE)) if usual else ())
            for code in range(_code(first), _code(first) + more + 1)
        }
        codes |= {_code(first) for (first,) in (_MAPPING.iter_unpack(_rows(part, other, _MAPPING)) if other else ())}
        yield _code(selector), frozenset(codes)


def _rows(part: bytes, at: int, row: struct.Struct) -> bytes:
    (count,) = struct.unpack_from(">I", part, at)
    return part[at + 4 : at + 4 + count * row.size]


def _code(three_bytes: bytes) -> int:
    return int.from_bytes(three_bytes, "big")
