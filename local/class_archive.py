"""Kafka's classes as Java has read them once, in one file (Java's CDS): a start takes a second of CPU less.

It is only ever a gain of time. Java itself ignores an archive that does not fit its version or the jars.
"""

import fcntl
import hashlib
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local.children import CannotStart


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time is in the block: two test runs may start at once on a fresh clone."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def class_archive(java: Path, jars: Path, record: Callable[[Path], None]) -> list[str]:
    """Java's option for the archive of *jars*, which lies beside them. None where none could be made.

    The first time *record* makes it: it runs the program until a normal end, so that Java writes the given file.
    """
    version = subprocess.run([java, "-version"], capture_output=True, check=False).stderr
    fits = hashlib.sha256(version + bytes(jars)).hexdigest()[:12]
    archive = jars.with_name(f"classes-{fits}.jsa")
    # Not the lock of the fetch: whoever records looks for the jars too.
    with locked(archive.with_suffix(".lock")):
        if not archive.exists():
            _make(archive, record)
    return [f"-XX:SharedArchiveFile={archive}"] if archive.stat().st_size else []


def _make(archive: Path, record: Callable[[Path], None]) -> None:
    unfinished = archive.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    try:
        record(unfinished)
    except CannotStart:
        unfinished.unlink(missing_ok=True)
    # An empty file says that this Java makes none: the next start shall not try again.
    unfinished.touch()
    unfinished.rename(archive)
