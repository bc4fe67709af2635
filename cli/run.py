"""`mitsumori run` and `demo`: the whole system on this machine."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.errors import exit_on_error
from cli.options import DEFAULT_DATA, AsJson, Data
from local.demo import demo as run_demo
from local.run import run as run_system


class BrokerName(StrEnum):
    """What `--broker` takes."""

    auto = "auto"
    kafka = "kafka"
    embedded = "embedded"


Broker = Annotated[BrokerName, typer.Option(help="auto: Java があれば Apache Kafka")]


@exit_on_error()
def run(
    data: Data = DEFAULT_DATA,
    port_base: Annotated[
        int, typer.Option(min=1, max=65533, help="フォームのポート。+1 が管理画面、+2 がメールボックス")
    ] = 8080,
    broker: Broker = BrokerName.auto,
) -> None:
    """すべてをこの端末で起動する (start everything here; Ctrl-C stops it)."""
    run_system(data, port_base, broker.value)


@exit_on_error()
def demo(
    requests: Annotated[int, typer.Option(min=1, help="送る申込みの数")] = 14,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
    broker: Broker = BrokerName.auto,
    data: Annotated[Path | None, typer.Option(hidden=True, help="一時フォルダの代わりに使うフォルダ")] = None,
) -> None:
    """別の場所で起動し、申込みを送り、結果をすべて確かめて終わる (start aside, send, check, stop)."""
    raise typer.Exit(run_demo(requests, broker.value, data, as_json=as_json))
