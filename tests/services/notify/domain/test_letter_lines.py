"""The forms that a line of a letter has, as docs/letters.md describes them."""

from pathlib import Path
from typing import get_args

import pytest

from services.notify.domain.letter_lines import Block, Heading, Item, Items, Paragraph, Row, Rule, Table, read_lines


def test_lines_that_follow_each_other_are_a_paragraph_and_an_empty_one_parts_two() -> None:
    text = "株式会社見本\n見本 花子 様\n\nお見積りをお送りします。\n"

    assert read_lines(text) == [Paragraph(["株式会社見本", "見本 花子 様"]), Paragraph(["お見積りをお送りします。"])]


@pytest.mark.parametrize("line", ["【ご注意】", "■ ご注意"])
def test_a_line_in_brackets_or_a_label_alone_stands_above_what_follows(line: str) -> None:
    assert read_lines(f"{line}\n　画面でご確認ください。") == [Heading("ご注意"), Paragraph(["画面でご確認ください。"])]


def test_labels_with_a_value_are_rows_of_one_table() -> None:
    text = "■ 受付番号　　K7M2P4XR\n■ 年間保険料(概算)　93,000円\n　期限　　　　11月23日(日本時間)"

    assert read_lines(text) == [
        Table(
            [Row("受付番号", ["K7M2P4XR"]), Row("年間保険料(概算)", ["93,000円"]), Row("期限", ["11月23日(日本時間)"])]
        )
    ]


def test_what_is_indented_under_a_heading_is_a_row_only_behind_a_short_label() -> None:
    text = (
        "■ お客様\n　企業名　　　株式会社見本　本社\n　担当部署　　\n　概算です。　引受保険会社の見積りではありません。"
    )

    assert read_lines(text) == [
        Heading("お客様"),
        Table([Row("企業名", ["株式会社見本　本社"]), Row("担当部署", [""])]),
        Paragraph(["概算です。　引受保険会社の見積りではありません。"]),
    ]


def test_an_item_goes_on_where_a_line_stands_further_in_and_has_items_below_it() -> None:
    unindented = "・プラン: ワイド → ベーシック\n　併せて付帯できません。\n・特約\n\n"
    text = unindented + "　・資料は添付しております。\n　　- ご案内\n　　- 一覧\n　　続きです。\n　画面へ"

    assert read_lines(text) == [
        Items([Item(["プラン: ワイド → ベーシック", "併せて付帯できません。"]), Item(["特約"])], indent=0),
        Items([Item(["資料は添付しております。"], [["ご案内"], ["一覧", "続きです。"]])], indent=1),
        Paragraph(["画面へ"]),
    ]


def test_between_two_rules_stands_the_sender_whose_rows_need_no_mark() -> None:
    rule = "-" * 66
    sender = "取扱代理店　　(株)見本\n　　　　　　　東京都　見本ビル\n苦情・ご相談　0120-000-000"
    text = f"{rule}\n{sender}\n{rule}\n取扱代理店　　(株)見本"

    assert read_lines(text) == [
        Rule(),
        Table([Row("取扱代理店", ["(株)見本", "東京都　見本ビル"]), Row("苦情・ご相談", ["0120-000-000"])]),
        Rule(),
        Paragraph(["取扱代理店　　(株)見本"]),
    ]


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("■ 年間保険料　0円", id="a row"),
        pytest.param("【重要】", id="a heading"),
        pytest.param("・ここを押してください", id="an item"),
        pytest.param("-" * 66, id="a rule"),
    ],
)
def test_what_somebody_typed_behind_a_label_stays_its_value(typed: str) -> None:
    expected: list[Block] = [Heading("お客様"), Table([Row("企業名", [typed])])]

    assert read_lines(f"■ お客様\n　企業名　　　{typed}") == expected


def test_the_example_of_the_docs_has_every_form() -> None:
    docs = (Path(__file__).parents[4] / "docs" / "letters.md").read_text("utf-8")
    [example] = docs.split("```text\n")[1:]

    blocks = read_lines(example.partition("```")[0])

    assert {type(block) for block in blocks} == set(get_args(Block))
    assert [block.text for block in blocks if isinstance(block, Heading)] == [
        "ご希望と異なる条件でのお見積りです",
        "今後のご案内",
    ]
