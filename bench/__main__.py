"""`make bench`: what the system can do on this machine, as ratios against named baselines of the same run."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

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


def measure(section: ModuleType, *needs: System) -> bool:
    """Run one benchmark. What keeps it from being measured is printed, and the others go on. Returns whether it ran."""
    try:
        section.report(*needs)
    except Exception as error:  # noqa: BLE001  # a missing browser says nothing of the others
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        print(f"{section.__name__.removeprefix('bench.')}: not measured: {reason}", file=sys.stderr)
        return False
    return True


def main() -> None:
    """Run one benchmark after the other, so that none slows another one down."""
    measured = [measure(section) for section in (rating, impact, parts, paints)]
    with a_system() as system:
        measured += [measure(section, system) for section in (journey, pages, accept)]
    sys.exit(0 if all(measured) else 1)


if __name__ == "__main__":
    main()
