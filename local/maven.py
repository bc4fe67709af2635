"""The jars of a program in Java, which Maven fetches once into the folder `target` beside the program's `pom.xml`."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from local.children import CannotStart
from local.class_archive import locked

_FETCH_TIMEOUT_S = 600


def fetch_jars(program: str, project: Path, report: Callable[[], None]) -> Path:
    """The folder with the jars that the `pom.xml` in *project* names, at its versions. Raises `CannotStart`.

    *report* is called when they are not there yet: to fetch them takes a minute.
    """
    target = project / "target"
    jars = target / "dependency"
    target.mkdir(exist_ok=True)
    with locked(target / "fetching.lock"):
        if not jars.is_dir():
            report()
            _fetch(program, project, target / "fetching")
            # Only a complete set gets the name that the check above looks for.
            (target / "fetching").rename(jars)
    return jars


def _fetch(program: str, project: Path, folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise CannotStart(f"mvn が見つかりません({program} の取得には Maven が必要です)。")
    shutil.rmtree(folder, ignore_errors=True)
    command = [maven, "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={folder}"]
    try:
        subprocess.run(command, cwd=project, capture_output=True, text=True, check=True, timeout=_FETCH_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        raise CannotStart(f"Maven が {program} を時間内に取得できませんでした。") from None
    except subprocess.CalledProcessError as error:
        reason = next((line for line in error.stdout.splitlines() if "ERROR" in line), "")
        raise CannotStart(
            f"Maven が {program} を取得できませんでした: {reason.removeprefix('[ERROR] ')[:200]}"
        ) from None
