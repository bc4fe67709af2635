"""`mitsumori support-bundle`: one private file, which replaces none; what it holds is tried on a system that runs."""

import json
import tarfile
from pathlib import Path

from tests.cli.builders import mitsumori


def test_what_cannot_be_had_says_why_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    path, logs = tmp_path / "bundle.tar.gz", tmp_path / "logs"
    logs.mkdir()
    logs.joinpath("rating.log").write_text("".join(f"{number}\n" for number in range(6_000)), "utf-8")

    ended = mitsumori("support-bundle", path, "--data", tmp_path)

    with tarfile.open(path) as bundle:
        files = {name: file.read() for name in bundle.getnames() if (file := bundle.extractfile(name))}
    assert ended.returncode == 0, ended.stderr
    assert set(files) == {"version.txt", "doctor.json", "status.json", "dead-letters.json", "logs/rating.log"}
    assert "動作中の mitsumori run がありません" in json.loads(files["status.json"])["not-known"]
    assert files["logs/rating.log"].split()[0] == b"1000"
    assert path.stat().st_mode & 0o777 == 0o600
    assert str(tmp_path) in files["doctor.json"].decode()
    assert "アドレスとフォルダ名を除く設定の値" in ended.stdout


def test_a_file_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "bundle.tar.gz"
    path.write_text("mine", "ascii")

    ended = mitsumori("support-bundle", path, "--data", tmp_path)

    assert (ended.returncode, path.read_text("ascii")) == (2, "mine")
    assert "に書けません" in ended.stderr
