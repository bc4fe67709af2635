"""A file of a backup is opened by its key alone, and nothing of it can be changed, moved or cut off unseen."""

import io
import json
import secrets
from collections.abc import Callable

import pytest
from nacl.public import PrivateKey

from local.backup.sealed_file import BLOCK, SealingWriter, opened, told_by
from shared.errors import Invalid

KEY = PrivateKey.generate()
CONTENT = secrets.token_bytes(3 * BLOCK + 17)
SEALED_BLOCK = BLOCK + 17


def sealed(content: bytes = CONTENT) -> bytes:
    file = io.BytesIO()
    writer = SealingWriter(file, "backup-1", KEY.public_key, {"at": "2026-11-27T18:00:00.000Z"})
    for begin in range(0, len(content), 700_001):
        writer.write(content[begin : begin + 700_001])
    writer.finish()
    return file.getvalue()


def content_of(file: bytes, key: PrivateKey = KEY, key_id: str = "backup-1") -> bytes:
    return b"".join(opened(io.BytesIO(file), {key_id: key}))


def split(file: bytes) -> tuple[bytes, list[bytes]]:
    """The line, and the blocks behind it."""
    line, newline, rest = file.partition(b"\n")
    return line + newline, [rest[begin : begin + SEALED_BLOCK] for begin in range(0, len(rest), SEALED_BLOCK)]


def reordered(file: bytes) -> bytes:
    line, blocks = split(file)
    return b"".join([line, blocks[1], blocks[0], *blocks[2:]])


def without_its_end(file: bytes) -> bytes:
    line, blocks = split(file)
    return b"".join([line, *blocks[:-1]])


def without_its_middle(file: bytes) -> bytes:
    line, blocks = split(file)
    return b"".join([line, blocks[0], *blocks[2:]])


def with_another_line(file: bytes) -> bytes:
    line, blocks = split(file)
    head = json.loads(line) | {"at": "2026-11-28T18:00:00.000Z"}
    return json.dumps(head).encode() + b"\n" + b"".join(blocks)


def with_a_bit_changed(file: bytes) -> bytes:
    changed = bytearray(file)
    changed[-SEALED_BLOCK] ^= 1
    return bytes(changed)


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, len(CONTENT)])
def test_what_was_written_is_read_back(size: int) -> None:
    assert content_of(sealed(CONTENT[:size])) == CONTENT[:size]


def test_nothing_of_the_content_is_in_the_file() -> None:
    assert b"canary" not in sealed(b"canary " * 100)


def test_from_when_it_is_and_which_key_opens_it_is_known_without_a_key() -> None:
    told = told_by(io.BytesIO(sealed(b"")))

    assert (told["at"], told["key"]) == ("2026-11-27T18:00:00.000Z", "backup-1")


@pytest.mark.parametrize(
    "change",
    [
        *(reordered, without_its_end, without_its_middle, with_another_line, with_a_bit_changed),
        pytest.param(lambda file: file[:-1], id="without its last byte"),
        pytest.param(lambda file: file + b"\0", id="with a byte more"),
        pytest.param(lambda file: file + split(file)[1][-1], id="with its last block twice"),
        pytest.param(lambda file: split(file)[0], id="nothing but its line"),
    ],
)
def test_a_file_that_was_changed_is_refused(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Invalid, match="broken-backup"):
        content_of(change(sealed()))


def test_what_stands_behind_a_last_block_that_is_full_is_not_passed_over() -> None:
    with pytest.raises(Invalid, match="broken-backup"):
        content_of(sealed(CONTENT[:BLOCK]) + b"more")


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Invalid, match="other-key"):
        content_of(sealed(), PrivateKey.generate())
    with pytest.raises(Invalid, match="other-key"):
        content_of(sealed(), key_id="backup-2")


@pytest.mark.parametrize("file", [b"", b"PK\3\4", b"[]\n", b"{}\n", b'{"what": "tar"}\n', b"\xff" * 5_000])
def test_another_file_is_no_backup(file: bytes) -> None:
    with pytest.raises(Invalid, match="no-backup"):
        content_of(file)


def test_a_format_of_later_is_not_guessed_at() -> None:
    line, blocks = split(sealed())
    head = json.loads(line) | {"format": 2}

    with pytest.raises(Invalid, match="newer-backup"):
        content_of(json.dumps(head).encode() + b"\n" + b"".join(blocks))
