"""A published tariff never changes: the hash of each one is in SHA256SUMS, as `sha256sum --check` reads it.

A quote names its tariff's hash. A tariff that changed afterwards could not explain the premium that it once made.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from shared.products.errors import Problem
from shared.products.source import read_text

SUMS: Final = "SHA256SUMS"
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([0-9-]{10}\.yaml)")


def unpublished(folder: Path, hashes: Mapping[str, str]) -> Iterator[Problem]:
    """What in *folder* is not as it was published; *hashes* are those of the tariffs there, by file name.

    Raises `ProductError` when the sums cannot be read.
    """
    sums = folder / SUMS
    published: dict[str, str] = {}
    for number, line in enumerate(read_text(sums).splitlines(), start=1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in published:
            yield Problem(sums, number, "", "is not a line of `sha256sum`, or names a file twice")
            continue
        published[match[2]] = match[1]
        if match[2] not in hashes:
            yield Problem(
                sums, number, match[2], "is published, and must be there for as long as a quote may be asked about"
            )
    for name, sha256 in hashes.items():
        if name not in published:
            yield Problem(folder / name, 0, "", "is not published yet: `mitsumori tariff publish` takes it in")
        elif published[name] != sha256:
            yield Problem(folder / name, 0, "", "was changed after it was published: write a new one, with a new date")


def publish(folder: Path, name: str, content: bytes, sha256: str) -> None:
    """Add a tariff to *folder* for good. Raises `FileExistsError` when one of that date is there."""
    with (folder / name).open("xb") as file:
        file.write(content)
    with (folder / SUMS).open("a", encoding="ascii") as file:
        file.write(f"{sha256}  {name}\n")
