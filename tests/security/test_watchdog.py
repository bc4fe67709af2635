"""A process whose loop stands still is ended, and one that was only stopped is not (docs/adr/0014-watchdog.md)."""

import os
import signal
import subprocess
import time

import pytest

from local.children import environment, python_module
from shared.runtime.health import EXIT_CODE

LIMIT_S = 2
PATIENCE_S = 60


def start(does: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(word) for word in python_module("tests.security.standing_still", does, str(LIMIT_S))],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment(),
        text=True,
    )


@pytest.mark.parametrize("does", ["sleeps", "waits-for-a-lock", "backtracks", "computes"])
def test_a_loop_that_stands_still_ends_the_process_with_a_line_in_the_log(does: str) -> None:
    """`re` never lets another thread run: 40 digits in 売上高 once stopped intake until somebody sent SIGKILL."""
    process = start(does)

    output, _ = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == EXIT_CODE
    assert '"event": "process ends itself"' in output
    assert "loop stopped" in output
    assert "standing_still.py" in output
    assert "a secret of a customer" not in output


def test_a_loop_inside_c_code_that_looks_for_no_signal_is_ended_with_its_stack() -> None:
    process = start("counts")

    output, _ = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == -signal.SIGVTALRM
    assert "standing_still.py" in output
    assert "a secret of a customer" not in output


def test_a_full_pipe_cannot_keep_the_process() -> None:
    """The loop waits until somebody reads its log, and so would the line that says so."""
    process = start("writes")

    assert process.wait(PATIENCE_S) in {-signal.SIGALRM, EXIT_CODE}

    assert process.stdout is not None
    process.stdout.close()


@pytest.mark.parametrize("does", ["turns", "works-in-threads"])
def test_a_loop_that_turns_lives(does: str) -> None:
    process = start(does)

    output, _ = process.communicate(timeout=PATIENCE_S)

    assert (process.returncode, output.splitlines()[-1]) == (0, "still here")


def test_a_process_that_was_stopped_goes_on() -> None:
    """A laptop that slept, `docker pause`, a developer's Ctrl-Z: no time has passed for the process."""
    process = start("turns")
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"

    os.kill(process.pid, signal.SIGSTOP)
    time.sleep(LIMIT_S * 2.5)  # how long it is stopped is what is tested
    os.kill(process.pid, signal.SIGCONT)
    output, _ = process.communicate(timeout=PATIENCE_S)

    assert (process.returncode, output) == (0, "still here\n")
