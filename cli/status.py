"""`mitsumori status` and `mitsumori logs`: how the system that `mitsumori run` has started is, and what it says."""

import json
import sys
import time
from collections import deque
from dataclasses import asdict
from typing import Annotated, Final

import typer

from cli.errors import exit_on_error
from cli.options import DEFAULT_DATA, AsJson, Data
from local.data_folder import DataFolder
from local.status import Part, status_of
from services.registry import ServiceName
from shared.errors import Invalid

_LOOK_EVERY_S: Final = 0.3
_FIGURES: Final = {
    "consumer_lag": "未読の記録 {:,.0f}",
    "outbox_pending": "渡す前の記録 {:,.0f}",
    "outbox_oldest_age_seconds": "最も古いもの {:,.0f} 秒前",
    "mail_pending": "送信待ちのメール {:,.0f}",
    "dead_letters_open": "処理できなかった記録 {:,.0f}",
    "records_waiting_for_key": "鍵待ちの記録 {:,.0f}",
}
_MISSING: Final = {
    "process": "応答なし",
    "start": "起動中",
    "mongo": "MongoDB につながらない",
    "kafka": "Kafka から読めない",
    "keys": "鍵が足りない",
    "dead-letter-limit": "不具合が続くので読まない",
}


@exit_on_error()
def status(*, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """動作中の mitsumori run の様子を示す (each process, what it lacks and what waits; exit 1: one is not ready)."""
    parts = status_of(data)
    if as_json:
        print(json.dumps([asdict(part) for part in parts], ensure_ascii=False, indent=2))
    else:
        for part in parts:
            print("\t".join(filter(None, (part.name, _state(part), part.address, _figures(part)))))
    if any(part.missing for part in parts):
        raise typer.Exit(1)


@exit_on_error()
def logs(
    service: Annotated[ServiceName, typer.Argument(help="サービスの名前")],
    *,
    data: Data = DEFAULT_DATA,
    lines: Annotated[int, typer.Option("--lines", min=0, help="表示する行数")] = 100,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Ctrl-C まで、新しい行を表示し続ける")] = False,
) -> None:
    """サービスのログの終わりを示す (the last lines of a service's log)."""
    path = DataFolder(data).log(service)
    try:
        with path.open(encoding="utf-8", errors="replace") as log:
            sys.stdout.writelines(deque(log, maxlen=lines))
            while follow:
                sys.stdout.writelines(log)
                sys.stdout.flush()
                time.sleep(_LOOK_EVERY_S)
    except FileNotFoundError:
        raise Invalid(f"ログがありません: {path}") from None
    except KeyboardInterrupt:
        return


def _state(part: Part) -> str:
    if part.missing:
        return "停止中: " + "、".join(_MISSING.get(one, one) for one in part.missing)
    if part.incomplete:
        return "動作中(" + "、".join(_MISSING.get(one, one) for one in part.incomplete) + ")"
    return "動作中"


def _figures(part: Part) -> str:
    return "、".join(words.format(part.figures[name]) for name, words in _FIGURES.items() if part.figures.get(name))
