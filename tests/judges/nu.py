"""The Nu HTML checker, which knows the whole of the HTML standard and judges every page in one run."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.judges.look import MISSING, NODE_MODULES

_JAR: Final = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"


def complaints(documents: Mapping[str, str], folder: Path) -> dict[str, list[str]]:
    """What is wrong with each of *documents*, by its name; *folder* is for the copies that the checker reads."""
    java = shutil.which("java")
    assert java, "Java is missing: the Nu HTML checker runs on it (Debian: apt install default-jre-headless)"
    assert _JAR.is_file(), MISSING
    paths = {name: folder / f"{name}.html" for name in documents}
    for name, path in paths.items():
        path.write_text(documents[name], "utf-8")
    order = [java, "-jar", str(_JAR), "--format", "json", "--stdout", "--exit-zero-always", *map(str, paths.values())]
    said = subprocess.run(order, check=True, capture_output=True, text=True, timeout=120)
    found: dict[str, list[str]] = {name: [] for name in documents}
    for one in json.loads(said.stdout)["messages"]:
        kind = one.get("subType", one["type"])
        found[Path(one["url"]).stem].append(f"{kind}: {one['message']} {one.get('extract', '')!r}")
    return found
