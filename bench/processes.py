"""What a process has used, as Linux counts it (`man 5 proc`)."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from local.system import System

_TICKS: Final = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """User and system time in seconds of a process, and of those that it started: fields 14 to 17 of their `stat`."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS + sum(map(cpu_s, _started_by(pid)))


def resident_mb(pid: int) -> float:
    """Resident memory in MB (of 1,024 kB) of a process, and of those that it started."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024
    return own + sum(map(resident_mb, _started_by(pid)))


def service_memory_mb(system: System) -> dict[str, float]:
    """Resident memory of each service, in MB."""
    return {name: resident_mb(service.child.pid) for name, service in system.services.items()}


def _started_by(pid: int) -> list[int]:
    """Those that still run: notify and intake have Typst in a process of its own."""
    children: list[str] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has just ended
            children += (task / "children").read_text("ascii").split()
    return [int(child) for child in children]
