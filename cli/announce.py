"""`mitsumori announce`: after the topics were lost, the services tell each other everything again."""

from cli.errors import exit_on_error
from cli.options import DEFAULT_DATA, Data, Mongo, running_mongo
from local.announce import announce_everything


@exit_on_error()
def announce(*, data: Data = DEFAULT_DATA, mongo: Mongo = None) -> None:
    """失われたトピックを作り直した後で、すべての記録を、もう一度渡す (publish all events again; safe to repeat)."""
    count = announce_everything(mongo or running_mongo(data))
    print(f"{count:,} 件の記録を、もう一度渡します。進み具合は outbox_pending で分かります。")
