"""The process of the embedded broker: `python -m local.librdkafka ADDRESS_FILE TOPIC…`.

It is a file of its own because only this process needs the C library, and it needs nothing else of ours. The library
is called directly: its Python face can start the broker, but not say how long a group waits for further members.
"""

import ctypes
import signal
import sys
from pathlib import Path
from typing import Any, Final

import confluent_kafka.cimpl

_PARTITIONS: Final = 4
_PRODUCER: Final = 0
_GROUP_WAITS_MS: Final = 250
"""For the other readers of a service, which join at the same time; one that is too late waits five seconds.

The library would wait three seconds.
"""


def main() -> None:
    """Run the broker until SIGTERM."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    address = Path(sys.argv[1])
    address.with_suffix(".part").write_bytes(_start(sys.argv[2:]))
    address.with_suffix(".part").rename(address)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


def _start(topics: list[str]) -> bytes:
    """Start the broker, which ends with the process, and return its `host:port` (rdkafka.h, rdkafka_mock.h)."""
    library = ctypes.CDLL(confluent_kafka.cimpl.__file__)
    new_client = _returning_pointer(library.rd_kafka_new)
    new_cluster = _returning_pointer(library.rd_kafka_mock_cluster_new)
    client = ctypes.c_void_p(new_client(_PRODUCER, None, None, ctypes.c_size_t(0)))
    cluster = ctypes.c_void_p(new_cluster(client, 1))
    library.rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, ctypes.c_int32(_GROUP_WAITS_MS))
    for topic in topics:
        library.rd_kafka_mock_topic_create(cluster, topic.encode(), _PARTITIONS, 1)
    library.rd_kafka_mock_cluster_bootstraps.restype = ctypes.c_char_p
    address: bytes = library.rd_kafka_mock_cluster_bootstraps(cluster)
    return address


def _returning_pointer(function: Any) -> Any:  # noqa: ANN401  # ctypes has no types for what it finds
    function.restype = ctypes.c_void_p
    return function


if __name__ == "__main__":
    main()
