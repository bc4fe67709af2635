"""veraPDF, the judge of PDF/A and PDF/UA that the standards' own industry maintains: all papers in one run."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from local.kafka import find_java
from local.maven import fetch_jars

_PROJECT: Final = Path(__file__).parent
"""Its `pom.xml` names the version."""
_MAIN: Final = "org.verapdf.apps.GreenfieldCliWrapper"
_FEW_SECONDS: Final = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m", "-Djava.awt.headless=true")
"""It starts sooner with the quick compiler alone."""


@dataclass(frozen=True)
class Judgement:
    """The standards that a paper claims in its metadata, and what is wrong by them."""

    standards: list[str]
    complaints: list[str]


def judged(papers: Mapping[str, bytes], folder: Path) -> dict[str, Judgement]:
    """What veraPDF says of each of *papers*, by its name; *folder* is for the copies that it reads.

    A paper that claims nothing is judged by PDF/A-1b; one that is no PDF claims nothing.
    """
    for name, content in papers.items():
        (folder / f"{name}.pdf").write_bytes(content)
    jars = fetch_jars("veraPDF", _PROJECT, lambda: None)
    # Its configuration is read from the folder that `app.home` names; there is none, so that nothing but this decides.
    order: list[str | Path] = [find_java(), *_FEW_SECONDS, f"-Dapp.home={folder}", "-cp", f"{jars}/*", _MAIN]
    order += ["--format", "json", "--maxfailuresdisplayed", "3", *(folder / f"{name}.pdf" for name in papers)]
    # Its exit code is 1 when it has a complaint.
    said = subprocess.run(order, check=False, capture_output=True, text=True, timeout=300)
    jobs = json.loads(said.stdout)["report"]["jobs"]
    found = {Path(job["itemDetails"]["name"]).stem: _judgement(job) for job in jobs}
    assert found.keys() == papers.keys(), papers.keys() - found.keys()
    return found


def _judgement(job: dict[str, Any]) -> Judgement:
    results = job.get("validationResult", [])
    complaints = [
        f"{rule['specification']} {rule['clause']}: {rule['description']} {check.get('errorMessage', '')}"
        for result in results
        for rule in result["details"]["ruleSummaries"]
        for check in rule["checks"]
    ]
    if "taskException" in job:
        complaints.append(job["taskException"]["exceptionMessage"])
    return Judgement([result["profileName"].partition(" validation")[0] for result in results], complaints)
