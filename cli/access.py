"""`mitsumori access`: what to set up in a MongoDB and a Kafka, so that each service is only itself."""

from pathlib import Path
from typing import Annotated

import typer

from cli.errors import exit_on_error
from local.access_files import make_kafka_users, make_mongo_users, write_access_files
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


@app.command()
@exit_on_error()
def files(
    folder: Annotated[Path, typer.Argument(help="コンテナごとのフォルダを置くフォルダ")],
    mongo: Annotated[str, typer.Option(help="MongoDB の host:port")],
    kafka: Annotated[str, typer.Option(help="Kafka の host:port")],
    tls: Annotated[bool, typer.Option("--tls", help="Kafka に証明書を作り、TLS と SCRAM で接続する")] = False,  # noqa: FBT002  # a flag
) -> None:
    """コンテナごとのパスワードと接続先のファイルを作る (users and passwords for containers; safe to repeat)."""
    write_access_files(folder, mongo, kafka, tls=tls)


@app.command()
@exit_on_error()
def users(
    folder: Annotated[Path, typer.Argument(help="files で作られた operator のフォルダ")],
    mongo: Annotated[str, typer.Option(help="MongoDB の host:port")],
    scram: Annotated[bool, typer.Option("--scram", help="Kafka にも、SCRAM でログインする利用者を作る")] = False,  # noqa: FBT002  # a flag
) -> None:
    """レプリカセットと利用者を作る (the replica set and users of a MongoDB that has our key file; safe to repeat)."""
    make_mongo_users(folder, mongo)
    if scram:
        make_kafka_users(folder)
