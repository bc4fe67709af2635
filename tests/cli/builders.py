"""The command line, in a process of its own."""

import subprocess
from pathlib import Path

from local.children import environment, python_module


def mitsumori(*words: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [str(word) for word in python_module("cli.main", *words)]
    return subprocess.run(command, env=environment(**settings), capture_output=True, text=True, timeout=60, check=False)
