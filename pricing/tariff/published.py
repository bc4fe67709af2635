"""What is published stays as it is: the bytes of every tariff stand in SHA256SUMS, as `sha256sum --check` reads it.

A quote names its tariff's hash. A tariff that changed afterwards could not explain the yen that it once made.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from shared.products.errors import Problem
from shared.products.source import read_text

SUMS: Final = "SHA256SUMS"
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([0-9-]{10}\.yaml)")


def unpublished(folder: Path, found: Mapping[str, str]) -> Iterator[Problem]:
    """What in *folder* is not as it was published; *found* are the hashes of the tariffs there, by file name.

    Raises `ProductError` when the sums cannot be read.
    """
    sums = folder / SUMS
    published: dict[str, str] = {}
    for number, line in enumerate(read_text(sums).splitlines(), start=1):
        said = _LINE.fullmatch(line)
        if said is None or said[2] in published:
            yield Problem(sums, number, "", "is not a line of `sha256sum`, or names a file twice")
            continue
        published[said[2]] = said[1]
        if said[2] not in found:
            yield Problem(
                sums, number, said[2], "is published, and must be there for as long as a quote may be asked about"
            )
    for name, sha256 in found.items():
        if name not in published:
            yield Problem(folder / name, 0, "", "is not published yet: `mitsumori tariff publish` takes it in")
        elif published[name] != sha256:
            yield Problem(folder / name, 0, "", "was changed after it was published: write a new one, with a new date")


def publish(folder: Path, name: str, content: bytes, sha256: str) -> None:
    """Take a tariff into *folder* for good. Raises `FileExistsError` when one of that date is there."""
    with (folder / name).open("xb") as file:
        file.write(content)
    with (folder / SUMS).open("a", encoding="ascii") as file:
        file.write(f"{sha256}  {name}\n")
