"""Import the National Tax Agency's list of companies, in place of the one before."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.intake.domain.company import Company
from services.intake.domain.company_row import Left, Unread, read_row
from services.intake.ports import CompanyFiles, CompanyList
from shared.errors import Invalid

_MOST_UNREAD: Final = 100
"""One line in so many may be unreadable. With more, it is another file, or half of one."""
_MOST_TOLD: Final = 5

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was read. `unread`: the first lines that are no company, as file, line and what is wrong with it."""

    kept: int
    repeated: int
    left_out: Mapping[Left, int]
    unreadable: int
    unread: tuple[tuple[str, int, Unread], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCompanies:
    """Safe to repeat and to stop: until everything was read, the list before stays."""

    files: CompanyFiles
    companies: CompanyList

    def __call__(self, paths: Iterable[Path], progress: Progress, *, fewer: bool = False) -> Imported:
        """*fewer*: the new list may be less than half of the one before. Raises `Invalid`."""
        left: Counter[Left] = Counter()
        unread: list[tuple[str, int, Unread]] = []
        unreadable = read = 0
        with self.companies.new() as new:
            for path in paths:
                for line, row in enumerate(self.files.rows(path, progress), start=1):
                    read += 1
                    match read_row(row):
                        case Company() as company:
                            new.add(company)
                        case "columns" | "number" | "name" as reason:
                            unreadable += 1
                            unread += [(path.name, line, reason)][: _MOST_TOLD - len(unread)]
                        case reason:
                            left[reason] += 1
            if unreadable * _MOST_UNREAD > read or read == 0:
                raise Invalid(_other_file(read, unreadable, unread))
            kept, repeated = new.close()
            if kept * 2 < self.companies.count() and not fewer:
                raise Invalid(
                    f"読み込めた法人は{kept:,}件で、前回（{self.companies.count():,}件）の半分に足りません。"
                    "差分データや一部の都道府県のファイルではないかをご確認ください（このまま置き換えるには --fewer）。"
                )
            new.publish()
        return Imported(kept=kept, repeated=repeated, left_out=left, unreadable=unreadable, unread=tuple(unread))


def _other_file(read: int, unreadable: int, unread: list[tuple[str, int, Unread]]) -> str:
    where = f"（例：{unread[0][0]} の{unread[0][1]:,}行目）" if unread else ""
    wrong = f"{read:,}行のうち{unreadable:,}行が読み取れません{where}。" if read else "ファイルに1行もありません。"
    return (
        f"{wrong}国税庁 法人番号公表サイトの「全件データ」（CSV形式・Unicode）かをご確認ください。"
        "前回の一覧はそのままです。"
    )
