"""Child processes end with the launcher, and have ports that nothing else takes."""

import sys
from pathlib import Path

from local.children import Child, environment, free_port


def test_a_child_does_not_outlive_a_launcher_that_is_killed(tmp_path: Path) -> None:
    """`kill -9` gives the launcher no chance to stop anything; the kernel does it."""
    start = (
        "import sys, time; from pathlib import Path; from local.children import Child\n"
        "child = Child('c', [sys.executable, '-c', 'import time; time.sleep(60)'], Path(sys.argv[1]) / 'log')\n"
        "child.start(); (Path(sys.argv[1]) / 'part').write_text(str(child.pid))\n"
        "(Path(sys.argv[1]) / 'part').rename(Path(sys.argv[1]) / 'pid'); time.sleep(60)"
    )
    launcher = Child("launcher", [sys.executable, "-c", start, tmp_path], tmp_path / "launcher.log", environment())
    launcher.start()
    launcher.wait_until((tmp_path / "pid").exists, 10)
    grandchild = Path("/proc") / (tmp_path / "pid").read_text()

    launcher.kill()

    watch = Child("watch", ["sleep", "10"], tmp_path / "watch.log")
    watch.start()
    watch.wait_until(lambda: not grandchild.exists() or "Z" in (grandchild / "stat").read_text().split()[2], 5)
    watch.kill()


def test_no_port_is_given_twice_and_none_is_one_of_outgoing_connections() -> None:
    """Seconds pass until a service listens on its own: an outgoing connection had it by then, and it did not start."""
    ports = [free_port() for _ in range(500)]

    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("ascii").split()[0])
    assert len(set(ports)) == len(ports)
    assert max(ports) < lowest
