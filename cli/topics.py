"""`mitsumori topics`: creates the topics on a Kafka."""

import asyncio
from typing import Annotated

import typer

from cli.errors import exit_on_error
from local.topics import TopicSettings, create_topics

app = typer.Typer(help="Kafka のトピック (topics)", no_args_is_help=True)


@app.command()
@exit_on_error()
def create(
    kafka: Annotated[str, typer.Option(envvar="MITSUMORI_KAFKA", help="host:port")],
    partitions: Annotated[int, typer.Option(envvar="MITSUMORI_PARTITIONS", min=1)] = 6,
    replication_factor: Annotated[int, typer.Option(envvar="MITSUMORI_REPLICATION_FACTOR", min=1)] = 1,
) -> None:
    """四つのトピックを、無ければ作る (create the four topics; safe to repeat)."""
    made = asyncio.run(create_topics(TopicSettings(kafka, partitions, replication_factor)))
    print("\n".join(made) if made else "すべてのトピックがあります (nothing to do)")
