"""`mitsumori companies import`: what an operator reads, and that what was there before stays."""

from pathlib import Path

from tests.architecture.repository import ROOT
from tests.cli.builders import mitsumori

SAMPLE = ROOT / "docs" / "companies-sample.csv"


def test_the_sample_is_imported_with_what_was_left_out_and_why(tmp_path: Path) -> None:
    ended = mitsumori("companies", "import", str(SAMPLE), "--data", str(tmp_path))

    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "companies.sqlite").is_file()
    assert "7件を取り込みました" in ended.stdout
    for left_out in ("登記記録の閉鎖等: 1件", "検索対象除外: 1件", "国内の所在地なし: 1件", "法人番号の削除: 1件"):
        assert left_out in ended.stdout


def test_without_a_form_that_runs_none_is_said_to_have_the_list(tmp_path: Path) -> None:
    """Only a form that reads this very file has it, from its next look-up on."""
    ended = mitsumori("companies", "import", str(SAMPLE), "--data", str(tmp_path))

    first = ended.stdout.splitlines()[0]
    assert "動作中のフォームに" not in first
    assert first.endswith("このファイルを使うフォームでは、次の検索から反映されます。")


def test_the_list_goes_where_intake_looks_for_it(tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "list.sqlite"

    ended = mitsumori("companies", "import", str(SAMPLE), MITSUMORI_COMPANIES=str(path))

    assert ended.returncode == 0, ended.stderr
    assert [entry.name for entry in path.parent.iterdir()] == ["list.sqlite"]


def test_another_file_is_refused_in_one_sentence_and_the_list_stays(tmp_path: Path) -> None:
    mitsumori("companies", "import", str(SAMPLE), "--data", str(tmp_path))
    before = (tmp_path / "companies.sqlite").read_bytes()

    ended = mitsumori("companies", "import", str(ROOT / "README.md"), "--data", str(tmp_path))

    assert ended.returncode == 2
    assert ended.stderr.startswith("mitsumori: ")
    assert "全件データ" in ended.stderr
    assert (tmp_path / "companies.sqlite").read_bytes() == before
