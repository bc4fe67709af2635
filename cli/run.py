"""`mitsumori run`: the whole system on this machine."""

from typing import Annotated

import typer

from cli.errors import exit_on_error
from cli.options import DEFAULT_DATA, Broker, BrokerName, Data
from local.run import run as run_system


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
