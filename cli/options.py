"""Options that several commands have, and how a command finds the database of a running system."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from local.data_folder import DataFolder
from local.passwords import is_masked, secret_of_container
from shared.errors import Invalid

DEFAULT_DATA: Final = Path(".mitsumori")

Data = Annotated[Path, typer.Option(help="データフォルダ (where everything is kept)")]
Mongo = Annotated[str | None, typer.Option(envvar="MITSUMORI_MONGO", help="省略時は動作中の mitsumori run のもの")]
Kafka = Annotated[str | None, typer.Option(envvar="MITSUMORI_KAFKA", help="省略時は動作中の mitsumori run のもの")]
Products = Annotated[
    Path | None, typer.Option(envvar="MITSUMORI_PRODUCTS", help="追加の商品フォルダ (further product folders)")
]


class BrokerName(StrEnum):
    """What `--broker` takes."""

    auto = "auto"
    kafka = "kafka"
    embedded = "embedded"


Broker = Annotated[BrokerName, typer.Option(help="auto: Java があれば Apache Kafka")]
AsJson = Annotated[bool, typer.Option("--json", help="結果を JSON で出力する")]


def running_mongo(data: Path) -> str:
    """The address of MongoDB: from the secrets of this container, or else from the `mitsumori run` that uses *data*.

    Raises `Invalid` when there is neither.
    """
    if given := secret_of_container("mongo"):
        return given
    try:
        found: str = json.loads(DataFolder(data).run_file.read_text("utf-8"))["mongo"]
    except (OSError, ValueError, KeyError):
        raise Invalid(
            f"{data} で動作中の mitsumori run がありません。MITSUMORI_MONGO に接続先を指定してください。"
        ) from None
    if is_masked(found):
        raise Invalid(
            "動作中の mitsumori run は、指定された MongoDB を使っています。MITSUMORI_MONGO に接続先を指定してください。"
        )
    return found


def running_kafka(data: Path) -> str | None:
    """The address of Kafka: from the secrets of this container, or from the `mitsumori run` that uses *data*."""
    if given := secret_of_container("kafka"):
        return given
    try:
        found: str = json.loads(DataFolder(data).run_file.read_text("utf-8"))["kafka"]
    except (OSError, ValueError, KeyError):
        return None
    return found
