"""The version before this one, kept in the tree as it was: whoever runs the tests may have no history of it.

`python -m tests.journeys.version_before COMMIT` packs another one (CONTRIBUTING.md, How a release is made). Only its
code and products are packed. What others made and is the same today, such as fonts, is copied from today's tree.
"""

import io
import json
import lzma
import subprocess
import sys
import tarfile
import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from local.children import environment, python_module
from tests.architecture.repository import PACKAGES, ROOT

ARCHIVE: Final = Path(__file__).parent / "version-before.tar.xz"
ABOUT: Final = "about.json"
PACKED: Final = (*PACKAGES, "pyproject.toml")
HOW: Final = "python -m tests.journeys.version_before COMMIT"


@dataclass(frozen=True, slots=True)
class OtherVersion:
    """Code in *folder*, which runs with the packages that are installed for today's."""

    folder: Path

    @property
    def settings(self) -> dict[str, str]:
        """The environment by which a process runs this code."""
        return {"PYTHONPATH": str(self.folder)}

    def mitsumori(self, *words: str | Path, **settings: str) -> str:
        """What its command line prints. Fails when that fails."""
        command = [str(word) for word in python_module("cli.main", *words)]
        found = environment(**self.settings, **settings)
        return subprocess.run(command, env=found, capture_output=True, text=True, timeout=60, check=True).stdout


def unpack(folder: Path, archive: Path = ARCHIVE) -> OtherVersion:
    """Into *folder*, which is new. Fails when a file that was not packed is not the same any more: pack it again."""
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    said = json.loads((folder / ABOUT).read_text("utf-8"))
    for name, digest in said["copied"].items():
        content = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        assert sha256(content).hexdigest() == digest, f"{name} has changed: {HOW} (of {said['commit']})"
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return installed(folder, said["version"], said["commit"])


def installed(folder: Path, version: str, commit: str) -> OtherVersion:
    """What an installation adds to the code in *folder*: its version and its commit, for which it asks."""
    (folder / "cli" / "commit.txt").write_text(f"{commit[:7]}\n", "ascii")
    metadata = folder / f"mitsumori-{version}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: mitsumori\nVersion: {version}\n", "ascii")
    return OtherVersion(folder)


def pack(commit: str, archive: Path = ARCHIVE) -> None:
    """The code of *commit*, from the history of this checkout."""
    commit = _git("rev-parse", f"{commit}^{{commit}}").decode().strip()
    copied: dict[str, str] = {}
    with tarfile.open(fileobj=io.BytesIO(_git("archive", "--format=tar", commit, *PACKED))) as tree:
        files = {member.name: _content(tree, member) for member in tree.getmembers() if member.isfile()}
    for name, content in sorted(files.items()):
        is_others = b"\0" in content or "vendor" in Path(name).parts
        if is_others and (ROOT / name).is_file() and (ROOT / name).read_bytes() == content:
            copied[name] = sha256(content).hexdigest()
    said = {
        "commit": commit,
        "version": tomllib.loads(files["pyproject.toml"].decode())["project"]["version"],
        "trees": trees_of(commit),
        "copied": copied,
    }
    packed = {name: content for name, content in files.items() if name not in copied}
    packed[ABOUT] = json.dumps(said, indent=2).encode()
    with (
        lzma.open(archive, "wb", preset=9 | lzma.PRESET_EXTREME) as file,
        tarfile.open(fileobj=file, mode="w") as target,
    ):
        for name, content in sorted(packed.items()):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            target.addfile(member, io.BytesIO(content))


def trees_of(commit: str) -> dict[str, str]:
    """As git calls each packed part of *commit*."""
    return {part: _git("rev-parse", f"{commit}:{part}").decode().strip() for part in PACKED}


def _content(tree: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    found = tree.extractfile(member)
    assert found is not None, member.name
    return found.read()


def _git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True).stdout


if __name__ == "__main__":
    pack(sys.argv[1])
