"""The page of settings says what the code does, of every variable."""

from pathlib import Path

import pytest

from local.doctor.gather.settings import SETTINGS
from shared.runtime.settings import PREFIX, read
from tests.contracts.documents import PAGES, ROOT
from tests.contracts.setting_notes import NOTES
from tests.contracts.settings_page import known_variables


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_up_to_date(name: str) -> None:
    """Red? `make docs`, and read the difference: it is what operators will notice."""
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name]()


def test_every_setting_has_a_meaning_and_an_example_and_no_other_has() -> None:
    assert set(NOTES) == known_variables()
    assert [name for name, note in NOTES.items() if not (note.meaning and note.example)] == []


@pytest.mark.parametrize("service", SETTINGS)
def test_the_examples_are_settings_with_which_a_service_starts(
    service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An example is copied. Only what must be there on the disk is another one here."""
    (tmp_path / "new").mkdir()
    folders = dict.fromkeys(("MITSUMORI_KEYS", "MITSUMORI_PRODUCTS", "MITSUMORI_BOUNCES"), str(tmp_path))
    for field in SETTINGS[service].model_fields:
        name = f"{PREFIX}{field.upper()}"
        monkeypatch.setenv(name, folders.get(name, NOTES[name].example))

    settings = read(SETTINGS[service])

    assert settings.model_fields_set == set(SETTINGS[service].model_fields)


def test_what_a_setting_is_when_nobody_sets_it_is_told_for_each_service_that_reads_it() -> None:
    page = PAGES["operating/settings.md"]()
    [public_url] = [line for line in page.splitlines() if line.startswith("| `MITSUMORI_PUBLIC_URL`")]
    [mongo] = [line for line in page.splitlines() if line.startswith("| `MITSUMORI_MONGO`")]

    assert "| intake `http://127.0.0.1:8000`、notify なし、dashboard なし |" in public_url
    assert public_url.endswith("| intake、notify、dashboard |")
    assert "ファイル可 | **必須** |" in mongo
    assert mongo.endswith("| intake、rating、notify、dashboard |")
