"""What a process does not use, it does not import: that costs memory in each process, and time at each start."""

import json
import subprocess
import sys

import pytest

from tests.architecture.repository import ROOT

_LOADED = "import importlib, json, sys; importlib.import_module(sys.argv[1]); print(json.dumps(list(sys.modules)))"

UNUSED = {
    "services.rating.app": {"fastapi", "jinja2", "regex", "typst", "aiosmtplib", "argon2", "phonenumbers"},
    "services.notify.app": {"fastapi", "typst", "argon2", "phonenumbers", "pricing"},
    "services.dashboard.app": {"typst", "regex", "aiosmtplib", "phonenumbers", "pricing"},
    "services.intake.app": {"typst", "aiosmtplib", "argon2", "pricing"},
    "cli.main": {"fastapi", "aiokafka", "pydantic", "pymongo", "yaml", "local", "services", "pricing", "shared"},
    "cli.rate": {"fastapi", "starlette", "aiokafka", "pymongo", "faststream", "jinja2", "regex", "typst", "structlog"},
    "cli.run": {"fastapi", "faststream", "httpx", "jinja2", "regex", "typst", "uvicorn"},
    "local.librdkafka": {"pydantic", "aiokafka", "pymongo", "shared.events"},
}


@pytest.mark.parametrize("process", UNUSED)
def test_a_process_does_not_import_what_it_does_not_use(process: str) -> None:
    """rating once read the fonts' table of every character, and had a web framework for three probes."""
    command = [sys.executable, "-P", "-c", _LOADED, process]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})

    assert set(json.loads(ended.stdout)) & UNUSED[process] == set()


@pytest.mark.parametrize("process", [name for name in UNUSED if name.startswith("services.")])
def test_a_service_reads_no_source_of_ours_at_its_start(process: str) -> None:
    """pydantic once read that of every event, to describe the fields in a document that no service makes."""
    read = "import importlib, linecache, sys; importlib.import_module(sys.argv[1]); print(*linecache.cache)"
    command = [sys.executable, "-P", "-c", read, process]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)})

    assert [name for name in ended.stdout.split() if name.startswith(str(ROOT / "shared"))] == []
