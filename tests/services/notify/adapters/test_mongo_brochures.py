"""Brochures that mails link to: memory and MongoDB keep the same promises."""

import shutil
from pathlib import Path

import pytest

from services.notify.adapters.mongo_brochures import MongoBrochures
from services.notify.domain.brochure import LINKED_BYTES
from services.notify.ports import Brochures
from shared.runtime.adapters.mongo import Database
from tests.services.notify.builders import a_brochure
from tests.services.notify.fakes import InMemoryBrochures
from tests.services.notify.specs import BrochuresSpec

pytestmark = pytest.mark.anyio


class TestInMemoryBrochures(BrochuresSpec):
    @pytest.fixture
    def brochures(self, tmp_path: Path) -> Brochures:
        return InMemoryBrochures(tmp_path)


class TestMongoBrochures(BrochuresSpec):
    @pytest.fixture
    def brochures(self, database: Database, tmp_path: Path) -> Brochures:
        return MongoBrochures(database, tmp_path)

    async def test_the_biggest_that_a_product_may_have_can_be_kept(self, brochures: Brochures) -> None:
        """MongoDB refuses a document of more than 16 MiB: the service would not start."""
        brochure = a_brochure(bytes(LINKED_BYTES))

        await brochures.add("cyber-security", brochure)

        found = await brochures.file("cyber-security", brochure.version)
        assert found is not None
        assert found.path.stat().st_size == LINKED_BYTES

    async def test_another_process_finds_what_one_has_kept(
        self, brochures: Brochures, database: Database, tmp_path: Path
    ) -> None:
        brochure, folder = a_brochure(), tmp_path / "other"
        folder.mkdir()
        await brochures.add("cyber-security", brochure)

        found = await MongoBrochures(database, folder).file("cyber-security", brochure.version)

        assert found is not None
        assert found.path.parent == folder

    @pytest.mark.parametrize("with_its_folder", [False, True])
    async def test_one_that_the_system_has_tidied_away_can_be_downloaded_again(
        self, database: Database, tmp_path: Path, *, with_its_folder: bool
    ) -> None:
        """Its path was remembered for good: every later download of it failed until notify was started again."""
        folder = tmp_path / "downloads"
        folder.mkdir()
        brochures, (one, other) = MongoBrochures(database, folder), (a_brochure(b"%PDF one"), a_brochure(b"%PDF other"))
        for brochure in (one, other):
            await brochures.add("cyber-security", brochure)
            await brochures.file("cyber-security", brochure.version)

        if with_its_folder:
            shutil.rmtree(folder)
        else:
            (folder / "0.pdf").unlink()

        found = [await brochures.file("cyber-security", brochure.version) for brochure in (one, other)]
        assert [file.path.read_bytes() for file in found if file] == [b"%PDF one", b"%PDF other"]
