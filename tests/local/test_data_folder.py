"""A data folder belongs to one launcher at a time."""

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
