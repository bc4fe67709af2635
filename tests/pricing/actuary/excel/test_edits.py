"""An edit changes its own line of the file and no other."""

import pytest

from tests.pricing.actuary.excel.builders import CROSSED, INDUSTRY, RULES, WEIGHTS, Edit, EditedWorkbook, put


@pytest.mark.parametrize(
    ("edit", "changes"),
    [
        pytest.param(
            put(INDUSTRY, ("retail",), "金額(円)", "93100"),
            ['-       retail: "92800" # 93,000 and 160,010', '+       retail: "93100" # 93,000 and 160,010'],
            id="a figure",
        ),
        pytest.param(
            put(INDUSTRY, ("hotel",), "メモ", "見直し: 2027年"),
            ['-       hotel: "136000"', '+       hotel: "136000" # 見直し: 2027年'],
            id="a comment that was not there",
        ),
        pytest.param(
            put(INDUSTRY, ("retail",), "メモ", None),
            ['-       retail: "92800" # 93,000 and 160,010', '+       retail: "92800"'],
            id="a comment that is removed",
        ),
        pytest.param(
            put(CROSSED, ("basic", "yes"), "係数", "0.940"),
            [
                '-       basic: {no: "1.000", yes: "0.936"}',
                '+       basic: {no: "1.000", yes: "0.940"}',
            ],
            id="a figure in braces",
        ),
        pytest.param(
            put(WEIGHTS, ("d3_10",), "配点", 6),
            [
                "-         d3_10: {weight: 5, credit: in_place, advice: 通信の暗号化} # 通信の暗号化",
                "+         d3_10: {weight: 6, credit: in_place, advice: 通信の暗号化} # 通信の暗号化",
            ],
            id="a weight",
        ),
        pytest.param(
            put(WEIGHTS, ("d3_10",), "助言", "通信の暗号化(TLS), 例: HTTPS"),
            [
                "-         d3_10: {weight: 5, credit: in_place, advice: 通信の暗号化} # 通信の暗号化",
                '+         d3_10: {weight: 5, credit: in_place, advice: "通信の暗号化(TLS), 例: HTTPS"} # 通信の暗号化',
            ],
            id="a sentence that needs quotes",
        ),
        pytest.param(
            put(RULES, ("ineligible-industry",), "文", "お引受けできません。"),
            ["-     says: この業種は本商品のお引受けの対象外です。", "+     says: お引受けできません。"],
            id="a sentence",
        ),
        pytest.param(
            put("概要", ("minimum_premium_yen",), "値", 31_000),
            [
                '- minimum_premium_yen: "30000" # facts: one scheme\'s smallest published premium is about 3万円',
                '+ minimum_premium_yen: "31000" # facts: one scheme\'s smallest published premium is about 3万円',
            ],
            id="the minimum",
        ),
        pytest.param(
            put("保険料の構成", ("1-1",), "上限", "5"),
            [
                "-       - {table: turnover_curve, label: 売上高}",
                '+       - {table: turnover_curve, label: 売上高, cap: "5"}',
            ],
            id="a cap that was not there",
        ),
        pytest.param(
            put("保険料の構成", ("2-2",), "上限", None),
            [
                '-       - {table: liability_limit, label: 賠償損害の支払限度額(1億円まで), cap: "1.000000"}',
                "+       - {table: liability_limit, label: 賠償損害の支払限度額(1億円まで)}",
            ],
            id="a cap that is removed",
        ),
    ],
)
def test_an_edit_changes_its_line_and_no_other(workbook: EditedWorkbook, edit: Edit, changes: list[str]) -> None:
    workbook.edit(edit)

    assert workbook.changes() == changes
