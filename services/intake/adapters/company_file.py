"""`CompanyFiles`: CSV in UTF-8, or the ZIP that it is published in. A file of a gigabyte is read line by line."""

import csv
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Final

from shared.errors import Invalid

_TOLD_EVERY: Final = 5_000


class PublishedFiles:
    """The agency's files, as they were downloaded. In its ZIP stands one CSV, beside a signature."""

    def rows(self, path: Path, progress: Callable[[float], None]) -> Iterator[Sequence[str]]:
        """The signature is not checked: whoever imports knows where the file is from."""
        try:
            with ExitStack() as open_files:
                raw, size = _open(path, open_files)
                # With a byte order mark or without one.
                text = TextIOWrapper(raw, encoding="utf-8-sig", newline="")
                for number, row in enumerate(csv.reader(text), start=1):
                    if number % _TOLD_EVERY == 0:
                        progress(raw.tell() / size if size else 1)
                    yield row
                progress(1)
        except UnicodeDecodeError:
            raise Invalid(
                f"{path.name} の文字コードが UTF-8 ではありません。「CSV形式・Unicode」のファイルを指定してください。"
            ) from None
        except (csv.Error, zipfile.BadZipFile, EOFError):
            raise Invalid(f"{path.name} が壊れています。もう一度ダウンロードしてください。") from None
        except OSError as error:
            raise Invalid(f"{path} を読めません（{error.strerror}）。") from None


def _open(path: Path, open_files: ExitStack) -> tuple[IO[bytes], int]:
    if path.suffix.lower() != ".zip":
        return open_files.enter_context(path.open("rb")), path.stat().st_size
    archive = open_files.enter_context(zipfile.ZipFile(path))
    tables = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".csv")]
    if len(tables) != 1:
        raise Invalid(f"{path.name} に CSV ファイルが{len(tables)}個あります。1個のものを指定してください。")
    return open_files.enter_context(archive.open(tables[0])), tables[0].file_size
