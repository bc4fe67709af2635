"""A data folder belongs to one launcher at a time."""

import os
import sys
from pathlib import Path

from local.children import Child, environment
from local.data_folder import DataFolder


def test_a_folder_that_a_killed_launcher_locked_is_free_again(tmp_path: Path) -> None:
    script = "import sys, time; from pathlib import Path; from local.data_folder import DataFolder\n"
    script += "with DataFolder(Path(sys.argv[1])).locked(): (Path(sys.argv[1]) / 'locked').touch(); time.sleep(60)"
    launcher = Child("launcher", [sys.executable, "-c", script, tmp_path], tmp_path / "log", environment())
    launcher.start()
    launcher.wait_until((tmp_path / "locked").exists, 10)
    launcher.kill()

    with DataFolder(tmp_path).locked():
        is_free = True

    assert is_free


def test_a_folder_that_everybody_could_look_into_is_closed_at_the_next_start(tmp_path: Path) -> None:
    """It holds mails, logs and the ledgers' files, which an earlier version wrote for everybody to read."""
    tmp_path.chmod(0o755)

    with DataFolder(tmp_path).locked():
        (tmp_path / "log").touch()
        (tmp_path / "maildir").mkdir()

    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "maildir").stat().st_mode & 0o777 == 0o700


def test_afterwards_this_process_writes_as_before(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with DataFolder(tmp_path / "data").locked():
            pass

        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
