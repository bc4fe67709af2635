"""Has every event that was ever published published again, while the services run: for `mitsumori announce`."""

from local.ledgers import open_ledgers
from local.republish import republish_events
from services.registry import SERVICES


def announce_everything(mongo: str) -> int:
    """After the topics were lost, and made again. Returns how many events that are.

    Safe to repeat: readers ignore an event that they have had. Raises `Invalid` or `Unavailable`.
    """
    with open_ledgers(mongo) as client:
        count = sum(
            client[service.database][outbox].count_documents({"relay.state": "sent"})
            for service in SERVICES
            for outbox in service.outboxes
        )
    republish_events(mongo)
    return count
