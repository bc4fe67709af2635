"""`mitsumori access`: what to set up in a MongoDB and a Kafka, so that each service is only itself."""

from typing import Annotated

import typer

from local.kafka_access import as_commands
from local.mongo_access import as_script

app = typer.Typer(help="MongoDB と Kafka の権限 (users and access lists)", no_args_is_help=True)


@app.command()
def mongo() -> None:
    """各サービスの利用者を作る mongosh の命令を表示する (commands for mongosh that make a user for each service)."""
    print(as_script())


@app.command()
def kafka(
    brokers: Annotated[str, typer.Option(help="host:port")] = "localhost:9092",
    config: Annotated[str, typer.Option(help="kafka-acls.sh の設定ファイル")] = "admin.properties",
) -> None:
    """各サービスに必要な ACL の命令を表示する (commands for kafka-acls.sh: what each service may do, and no more)."""
    print(as_commands(brokers, config))
