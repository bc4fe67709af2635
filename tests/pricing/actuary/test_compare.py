"""`mitsumori tariff compare`: other programs feed it files and read what it prints, so both are tested here."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from pricing.actuary.compare import compare_points, read_points
from shared.errors import Invalid
from tests.pricing.builders import PRODUCT, TARIFF

PUBLISHED = PRODUCT.folder / "tariff" / "calibration" / "published.csv"
HEADER = "industry,turnover,plan,liability_limit,cost_limit,liability_deductible,cost_deductible,riders,score,premium"
RETAIL = "retail,500000,basic,100000000,30000000,100000,0,,0.5,93000"


def a_file(folder: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path = folder / "points.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding=encoding)
    return path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["tariff", "compare", *arguments])
    return result.exit_code, result.output


def test_every_published_premium_is_predicted_within_two_percent() -> None:
    comparison = compare_points(read_points(PUBLISHED, TARIFF), TARIFF)

    assert len(comparison.rows) == 16
    assert comparison.referred == 0
    assert comparison.as_json()["worst_error_percent"] <= 2


def test_as_json_each_row_has_its_columns_its_prediction_and_its_error(tmp_path: Path) -> None:
    code, output = run(str(a_file(tmp_path, RETAIL)), "--tariff", "2026-10-01", "--json")

    assert code == 0
    assert json.loads(output) == {
        "rows": [
            {
                "industry": "retail",
                "turnover": 500_000,
                "plan": "basic",
                "liability_limit": 100_000_000,
                "cost_limit": 30_000_000,
                "liability_deductible": 100_000,
                "cost_deductible": 0,
                "riders": "",
                "score": 0.5,
                "premium": 93_000,
                "predicted": 92_800,
                "error_percent": -0.22,
            }
        ],
        "worst_error_percent": 0.22,
    }


def test_people_read_the_worst_error_in_one_line() -> None:
    code, output = run(str(PUBLISHED), "--tariff", "2026-10-01")

    assert code == 0
    assert "最大の誤差: +0.60%(2行目)、16件" in output


@pytest.mark.parametrize(
    ("score", "predicted"),
    [
        pytest.param("0", 129_920, id="nothing in place"),
        pytest.param("0.25", 111_360, id="a quarter"),
        pytest.param("0.5", 92_800, id="half: neutral"),
        pytest.param("1", 55_680, id="everything in place"),
        pytest.param("0.50000004", 92_800, id="finer than the tariff"),
    ],
)
def test_the_score_replaces_all_answers(tmp_path: Path, score: str, predicted: int) -> None:
    path = a_file(tmp_path, RETAIL.replace("0.5", score))

    (row,) = compare_points(read_points(path, TARIFF), TARIFF).rows

    assert row.predicted == predicted


@pytest.mark.parametrize("riders", ["it", "rider_it", " rider_it ; fixed_premium "])
def test_riders_go_by_their_names_with_or_without_the_prefix(tmp_path: Path, riders: str) -> None:
    path = a_file(tmp_path, RETAIL.replace(",,0.5", f",{riders},0.5"))

    (row,) = compare_points(read_points(path, TARIFF), TARIFF).rows

    assert row.predicted == 406_800


def test_authority_does_not_matter_to_a_comparison(tmp_path: Path) -> None:
    path = a_file(tmp_path, "it,500000000,basic,1000000000,30000000,100000,0,it,0.5,")

    (row,) = compare_points(read_points(path, TARIFF), TARIFF).rows

    assert row.predicted is not None
    assert row.predicted > 20_000_000
    assert row.error_percent is None


def test_a_row_that_the_tariff_refers_has_no_prediction_but_reasons(tmp_path: Path) -> None:
    """A guess would look like a result."""
    path = a_file(tmp_path, RETAIL, RETAIL.replace("retail", "finance"), RETAIL.replace("500000,", "1,"))

    code, output = run(str(path), "--json")

    rows = json.loads(output)["rows"]
    assert code == 1
    assert [row["predicted"] for row in rows] == [92_800, None, None]
    assert [row.get("reasons") for row in rows] == [None, ["alternative-exposure"], ["turnover-outside"]]


@pytest.mark.parametrize(
    ("lines", "header", "encoding"),
    [
        pytest.param([RETAIL], HEADER, "utf-8-sig", id="a byte order mark"),
        pytest.param([RETAIL, "", ",,,"], "\n" + HEADER, "utf-8", id="empty lines"),
        pytest.param([RETAIL + "\r"], HEADER + "\r", "utf-8", id="carriage returns"),
        pytest.param([RETAIL + ",x"], HEADER + ",remark", "utf-8", id="a further column"),
        pytest.param(["93000," + RETAIL[:-6]], "premium," + HEADER[:-8], "utf-8", id="another order"),
        pytest.param([RETAIL.replace("500000,", '"５００，０００",')], HEADER, "utf-8", id="full width, with commas"),
        pytest.param([RETAIL.replace("500000,", "5E+05,")], HEADER, "utf-8", id="as Excel shortens it"),
        pytest.param([RETAIL + ",小売"], HEADER + ",備考", "cp932", id="Shift_JIS"),
        pytest.param([RETAIL + ',"two\nlines"'], HEADER + ",remark", "utf-8", id="a remark of two lines"),
        pytest.param([RETAIL.replace(",", " , ")], HEADER.upper(), "utf-8", id="spaces and capitals"),
    ],
)
def test_what_spreadsheets_make_of_a_file_is_understood(
    tmp_path: Path, lines: list[str], header: str, encoding: str
) -> None:
    path = a_file(tmp_path, *lines, header=header, encoding=encoding)

    (row,) = compare_points(read_points(path, TARIFF), TARIFF).rows

    assert (row.predicted, row.point.premium) == (92_800, 93_000)


def test_everything_that_cannot_be_understood_is_reported_with_its_line(tmp_path: Path) -> None:
    path = a_file(
        tmp_path,
        RETAIL.replace("retail", "florist"),
        RETAIL.replace("0.5", "1.5"),
        RETAIL.replace("30000000", "三千万").replace(",,", ",gold,"),
        RETAIL.replace("93000", "0"),
    )

    with pytest.raises(Invalid) as refused:
        read_points(path, TARIFF)

    assert [line.partition("points.csv: ")[2] for line in str(refused.value).splitlines()] == [
        "2行目 industry: 「florist」という選択肢はありません。",
        "3行目 score: 「1.5」は0から1までの数ではありません。",
        "4行目 cost_limit: 「三千万」は整数の金額ではありません。",
        "4行目 riders: 「gold」という特約はありません。",
        "5行目 premium: 1円以上にしてください。",
    ]


@pytest.mark.parametrize(
    ("header", "lines", "words"),
    [
        pytest.param("industry,turnover", ["retail,1"], "plan、liability_limit", id="columns that are missing"),
        pytest.param(HEADER, [], "データの行がありません", id="no line at all"),
        pytest.param(HEADER, [RETAIL[:20]], "2行目", id="a line cut short"),
        pytest.param(HEADER + ",premium", [RETAIL + ",1"], "同じ列が二つ", id="a column twice"),
        pytest.param(HEADER, [RETAIL.replace("93000", "1e999999999")], "整数の金額", id="a number of a billion digits"),
        pytest.param(HEADER, [RETAIL.replace("0.5", "NaN")], "0から1まで", id="no number"),
        pytest.param(HEADER, ["x" * 200_000], "CSV として読めません", id="a cell that is too long"),
    ],
)
def test_a_file_that_is_no_list_of_points_is_refused_in_one_sentence(
    tmp_path: Path, header: str, lines: list[str], words: str
) -> None:
    code, output = run(str(a_file(tmp_path, *lines, header=header)))

    assert code == 2
    assert words in output


def test_a_file_that_is_not_there_is_no_traceback(tmp_path: Path) -> None:
    code, output = run(str(tmp_path / "nowhere.csv"))

    assert code == 2
    assert "ファイルを読めません" in output
