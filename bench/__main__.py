"""`make bench`: what the system can do on this machine, as ratios against named baselines of the same run."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import accept, impact, journey, pages, paints, parts, rating
from local.data_folder import DataFolder
from local.ports import Ports
from local.system import System


@contextmanager
def a_system() -> Iterator[System]:
    """The whole system on Apache Kafka, in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="mitsumori-bench-") as folder:
        data = DataFolder(Path(folder))
        system = System(data, Ports.free(), "kafka", report=lambda _line: None)
        try:
            with data.locked():
                system.start()
                yield system
        finally:
            system.stop()


def main() -> None:
    """Run one benchmark after the other, so that none slows another one down."""
    rating.report()
    impact.report()
    parts.report()
    paints.report()
    with a_system() as system:
        journey.report(system)
        pages.report(system)
        accept.report(system)


if __name__ == "__main__":
    main()
