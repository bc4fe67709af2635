"""`make bench`: what the system can do on this machine, as ratios against named baselines of the same run."""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Final

from bench.budget import OverBudget
from bench.compare import compare
from local.data_folder import DataFolder
from local.ports import Ports
from local.system import System

ALONE: Final = ("rating", "impact", "parts", "paints")
ON_THE_SYSTEM: Final = ("journey", "budget", "burst", "pages", "accept")
"""One after the other, so that none slows another one down; `accept` stops the services that it does not need."""
SECTIONS: Final = (*ALONE, *ON_THE_SYSTEM)

Results = dict[str, dict[str, float]]
"""Section → name of a figure → the figure. The name says the unit."""


@contextmanager
def a_system() -> Iterator[System]:
    """The whole system on Apache Kafka, in a temporary folder."""
    # A benchmark sends more in an hour than customers may.
    os.environ["MITSUMORI_MAILS_PER_HOUR"] = "1000000"
    with tempfile.TemporaryDirectory(prefix="mitsumori-bench-") as folder:
        data = DataFolder(Path(folder))
        system = System(data, Ports.free(), "kafka", report=lambda _line: None)
        try:
            with data.locked():
                system.start()
                yield system
        finally:
            system.stop()


def measure(name: str, results: Results, *needs: System) -> bool:
    """Run one benchmark and add its figures. Returns whether all was well; if not, what is wrong is printed."""
    began = time.monotonic()
    print(f"… {name}", file=sys.stderr)
    try:
        # Here, because a section may need what is not installed, such as a browser.
        results[name] = import_module(f"bench.{name}").report(*needs)
    except OverBudget as error:
        results[name] = error.figures
        print(f"{name}: {error}", file=sys.stderr)
        return False
    except Exception as error:  # noqa: BLE001  # a missing browser says nothing of the others
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        print(f"{name}: not measured: {reason}", file=sys.stderr)
        return False
    print(f"… {name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    return True


def run(sections: list[str], results: Results) -> bool:
    """Add the figures of *sections*, in the order in which they can follow each other. Returns whether all was well."""
    with a_system() if set(sections) & set(ON_THE_SYSTEM) else nullcontext() as system:
        needs = dict.fromkeys(ON_THE_SYSTEM, [system] if system else [])
        is_well = True
        for name in filter(sections.__contains__, SECTIONS):
            is_well &= measure(name, results, *needs.get(name, []))
        return is_well


def main() -> None:
    """Run what was asked for, or compare two runs. The exit code is 1 when a section failed or a budget is exceeded."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; without: all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument(
        "--compare", type=Path, nargs=2, metavar=("OLD", "NEW"), help="print two such files side by side"
    )
    asked = parser.parse_args()
    if asked.compare:
        compare(*(_read(path) for path in asked.compare))
        return
    unknown = set(asked.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    results: Results = {}
    is_well = run(asked.sections or list(SECTIONS), results)
    if asked.json:
        asked.json.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")
    sys.exit(0 if is_well else 1)


def _read(path: Path) -> Mapping[str, Mapping[str, float]]:
    results: Results = json.loads(path.read_text("utf-8"))
    return results


if __name__ == "__main__":
    main()
