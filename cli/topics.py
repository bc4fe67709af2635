"""`mitsumori topics`: creates the topics on a Kafka."""

import asyncio
from typing import Annotated

import typer

from cli.errors import exit_on_error
from local.passwords import secret_of_container
from local.topics import PARTITIONS, TopicSettings, create_topics, grant_access
from shared.errors import Invalid

app = typer.Typer(help="Kafka のトピック (topics)", no_args_is_help=True)


@app.command()
@exit_on_error()
def create(
    kafka: Annotated[str | None, typer.Option(envvar="MITSUMORI_KAFKA", help="host:port")] = None,
    partitions: Annotated[int, typer.Option(envvar="MITSUMORI_PARTITIONS", min=1)] = PARTITIONS,
    replication_factor: Annotated[int, typer.Option(envvar="MITSUMORI_REPLICATION_FACTOR", min=1)] = 1,
    grant: Annotated[bool, typer.Option("--grant", help="各サービスに必要な権限 (ACL) も与える")] = False,  # noqa: FBT002  # a flag
) -> None:
    """トピックを、無ければ作る (create the topics; safe to repeat)."""
    address = kafka or secret_of_container("kafka")
    if address is None:
        raise Invalid("Kafka の接続先を --kafka または MITSUMORI_KAFKA に指定してください。")
    settings = TopicSettings(address, partitions, replication_factor)
    made = asyncio.run(create_topics(settings))
    if grant:
        asyncio.run(grant_access(settings))
    print("\n".join(made) if made else "すべてのトピックがあります (nothing to do)")
