"""The files of a Kafka that is not running, as a power cut may leave them: without what was not on the disk yet."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_HEAD: Final = struct.Struct(">qi")
"""Of each batch: the place of its first record, and how many bytes follow."""


def cut(data: Path, topic: str, partition: int, place: int) -> None:
    """Remove the record at *place* of this partition, and all after it. *data*: Kafka's `log.dirs`."""
    for log in sorted((data / f"{topic}-{partition}").glob("*.log")):
        content = log.read_bytes()
        at = next((at for at, first in _batches(content) if first >= place), len(content))
        with log.open("r+b") as file:
            file.truncate(at)


def _batches(content: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while at + _HEAD.size <= len(content):
        first, size = _HEAD.unpack_from(content, at)
        if size <= 0:
            return  # Space that was set aside, with nothing in it yet.
        yield at, first
        at += _HEAD.size + size
