"""`mitsumori demo`: the whole system for a moment, aside. Apart from `run`, which needs no client and no audit."""

from pathlib import Path
from typing import Annotated

import typer

from cli.errors import exit_on_error
from cli.options import AsJson, Broker, BrokerName
from local.demo import demo as run_demo


@exit_on_error()
def demo(
    requests: Annotated[int, typer.Option(min=1, help="送る申込みの数")] = 14,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
    broker: Broker = BrokerName.auto,
    data: Annotated[Path | None, typer.Option(hidden=True, help="一時フォルダの代わりに使うフォルダ")] = None,
) -> None:
    """別の場所で起動し、申込みを送り、結果をすべて確かめて終わる (start aside, send, check, stop)."""
    raise typer.Exit(run_demo(requests, broker.value, data, as_json=as_json))
