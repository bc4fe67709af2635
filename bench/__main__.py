"""`make bench`: what the system can do on this machine, as ratios against named baselines of the same run."""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Final

from bench.compare import compare
from bench.results import Missed, Missing, Results
from bench.yardstick import REFERENCE_US, keeping_pace
from local.data_folder import DataFolder
from local.ports import Ports
from local.system import System

ALONE: Final = ("rating", "impact", "parts", "desk", "audit", "search", "paints", "walks")
ON_THE_SYSTEM: Final = ("journey", "budget", "burst", "scale", "pages", "estimate", "screens", "accept")
"""One after the other, so that none slows another one down; `accept` stops the services that it does not need."""
SECTIONS: Final = (*ALONE, *ON_THE_SYSTEM)


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
    _say(f"… {name}")
    try:
        # Here, because a section may need what is not installed, such as a browser.
        with keeping_pace() as pace:
            results[name] = import_module(f"bench.{name}").report(*needs)
    except Missed as error:
        results[name] = error.figures
        _say(f"{name}: {error}")
        return False
    except Missing as error:
        _say(f"{name}: not measured: {error}")
        return True
    except Exception as error:  # noqa: BLE001  # one section that fails says nothing of the others
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        _say(f"{name}: failed: {reason}")
        return False
    _say(f"… {name}: {time.monotonic() - began:.0f} s, the yardstick took {pace.us:.1f} µs of {REFERENCE_US:g}")
    return True


def run(sections: list[str], results: Results, file: Path | None = None) -> bool:
    """Add the figures of *sections*, in the order in which they can follow each other. Returns whether all was well.

    With *file*, they are written there too, after each section: the later ones may take many minutes.
    """
    with a_system() if set(sections) & set(ON_THE_SYSTEM) else nullcontext() as system:
        needs = dict.fromkeys(ON_THE_SYSTEM, [system] if system else [])
        is_well = True
        for name in filter(sections.__contains__, SECTIONS):
            is_well &= measure(name, results, *needs.get(name, []))
            if file:
                _write(file, results)
        return is_well


def main() -> None:
    """Run what was asked for, or compare two runs.

    The exit code is 1 when a section failed or a budget is exceeded, and 0 when this machine only lacks a program.
    """
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; without: all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument(
        "--compare", type=Path, nargs=2, metavar=("OLD", "NEW"), help="print two such files side by side"
    )
    asked = parser.parse_args()
    unknown = set(asked.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"no such section: {', '.join(sorted(unknown))} (there are {', '.join(SECTIONS)})")
    try:
        if asked.compare:
            compare(*map(_read, asked.compare))
            return
        if asked.json:
            # Before the work of many minutes: is it a place where we can write?
            _write(asked.json, {})
    except (OSError, ValueError) as error:
        parser.error(str(error))
    sys.exit(0 if run(asked.sections or list(SECTIONS), {}, asked.json) else 1)


def _say(line: str) -> None:
    """Progress, which is no result."""
    print(line, file=sys.stderr)


def _read(path: Path) -> Results:
    results: Results = json.loads(path.read_text("utf-8"))
    return results


def _write(path: Path, results: Results) -> None:
    path.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
