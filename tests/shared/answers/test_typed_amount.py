"""Amounts in words, as people type them; a wrong unit is a wrong premium."""

from decimal import Decimal

import pytest

from shared.answers.typed_amount import from_words, is_ambiguous, one_width, whole


@pytest.mark.parametrize(
    ("typed", "yen"),
    [
        ("3億円", 300_000_000),
        ("3.5億", 350_000_000),
        ("12億3456万円", 1_234_560_000),
        ("5千万円", 50_000_000),
        ("500百万円", 500_000_000),
        ("500000千円", 500_000_000),
        ("1兆2億円", 1_000_200_000_000),
        ("3億5000円", 300_005_000),
        ("5億5千万", 550_000_000),
        ("1万5千", 15_000),
        ("12億3456.7万円", 1_234_567_000),
        ("1億00万円", 100_000_000),
        ("900,000円", 900_000),
        ("3千5百万円", 35_000_000),
        ("2千5百万", 25_000_000),
        ("1億2千3百万円", 123_000_000),
        ("3億5百万", 305_000_000),
        ("1億2千万", 120_000_000),
        ("3十億円", 3_000_000_000),
        ("3,000千円", 3_000_000),
        ("3百万円", 3_000_000),
        ("３０００万", 30_000_000),
        ("3.5千万円", 35_000_000),
        ("三億円", 300_000_000),
        ("壱億円", 100_000_000),
        ("五百万円", 5_000_000),
        ("千五百万円", 15_000_000),
        ("百五十万円", 1_500_000),
        ("一千万円", 10_000_000),
        ("十億円", 1_000_000_000),
        ("二億五千万円", 250_000_000),
        ("三億五〇〇〇万円", 350_000_000),
        ("二〇億", 2_000_000_000),
        ("十二億三千四百五十六万七千円", 1_234_567_000),
        ("¥3,000,000", 3_000_000),
        ("￥３，０００，０００", 3_000_000),
        ("\\3,000,000", 3_000_000),
        ("¥900,000-", 900_000),
        ("¥3億", 300_000_000),
        ("￥300,000千円", 300_000_000),
        ("900,000円也", 900_000),
        ("金三億円也", 300_000_000),
        ("金伍億円也", 500_000_000),
        ("3億円です。", 300_000_000),
        ("3億円 税込", 300_000_000),
        ("300,000,000 yen", 300_000_000),
        ("JPY 300,000,000", 300_000_000),
        ("500,000（千円）", 500_000_000),
        ("500 (単位：百万円)", 500_000_000),
        ("3億円（税込）", 300_000_000),
        ("3 億 5,000 万 円", 350_000_000),
    ],
)
def test_an_amount_with_its_units_is_understood(typed: str, yen: int) -> None:
    """Many of them were refused: whoever read 三億円 off a balance sheet had to convert it, and could do so wrongly."""
    assert from_words(one_width(typed)) == Decimal(yen)


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("500000", id="no unit"),
        pytest.param("3億5000", id="5,000万円 or 5,000円"),
        pytest.param("5万3億円", id="small before large"),
        pytest.param("5億5億円", id="twice the same unit"),
        pytest.param("億円", id="no figure"),
        pytest.param("3億円くらい", id="words around it"),
        pytest.param("約3億円", id="about"),
        pytest.param("3億円程度", id="or so"),
        pytest.param("3億円弱", id="a little less"),
        pytest.param("1億〜2億円", id="a range"),
        pytest.param("1億-2億", id="a range with a hyphen"),
        pytest.param("3億円(税抜)", id="without the tax that the question includes"),
        pytest.param("月商3億円", id="of a month"),
        pytest.param("百万円", id="the unit of a column without its figure"),
        pytest.param("千円", id="the unit of the field"),
        pytest.param("¥", id="a sign"),
        pytest.param("¥3億5000", id="5,000万円 or 5,000円, with a sign"),
        pytest.param("5千5", id="5,500 or 5,005"),
        pytest.param("三億五千", id="5,000万円 or 5,000円, in kanji"),
        pytest.param("1億2千3百", id="2,300万円 or 2,300円"),
        pytest.param("500,000-", id="no unit, and a line behind"),
        pytest.param("-3億円", id="a loss"),
        pytest.param("300M", id="million of what"),
    ],
)
def test_what_may_mean_several_amounts_or_none_is_not_guessed(typed: str) -> None:
    assert from_words(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "5千3千万円",
        "20十億円",
        "12千5百万円",
        "3.5千5百万円",
        "3百5千円",
        "5億5千",
        "1兆5千",
        "5億500百万円",
        "1億10000万円",
        "1.5億5000万円",
        "1.5億2000万円",
    ],
)
def test_parts_that_do_not_fit_each_other_are_not_added_up(typed: str) -> None:
    """5億5千 is how people say 5億5000万円: it was priced as 5億5000円, a tenth too low, and 1.5億5000万円 as 2億円."""
    assert from_words(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        *("50万千円", "50万 千円", "50万千", "¥50万千円", "金50万千円也", "50万千円（税込）", "五十万千円", "12万百円"),
        *("50万（千円）", "50万【千円】", "50万（単位：千円）", "1億2,000万（単位：千円）", "50万（千円、税込）"),
        *(
            "5億（百万円）",
            "5億百万円",
            "5億百万",
            "500百万千円",
            "3億千万円",
            "5万（万円）",
            "5千（千円）",
            "50万円（千円）",
        ),
        *("3億5,000千円", "3億5,000（千円）", "1億20百万円", "（千円）50万", "3億5000（円）"),
    ],
)
def test_a_unit_behind_a_figure_that_has_one_is_asked_about(typed: str) -> None:
    """50万（千円） in the field of 千円 is 5億円 to most: its unit was added, and 501千円 were priced."""
    assert from_words(one_width(typed)) is None
    assert is_ambiguous(one_width(typed))


@pytest.mark.parametrize(
    ("typed", "yen"),
    [
        ("50万（円）", 500_000),
        ("十億円（円）", 1_000_000_000),
        ("500,000（単位：千円、税込）", 500_000_000),
        ("（単位：千円）500,000", 500_000_000),
        ("500,000［千円］", 500_000_000),
        ("500,000【千円】", 500_000_000),
        ("500（百万円）", 500_000_000),
        ("千五百万円", 15_000_000),
        ("二千百万円", 21_000_000),
        ("¥900,000ー", 900_000),
        ("¥900,000―", 900_000),
        ("¥900,000−", 900_000),
        ("¥900,000.00", 900_000),
        ("500,000圓", 500_000),
        ("金参億圓也", 300_000_000),
        ("金參億伍阡萬圓也", 350_000_000),
        ("二○億円", 2_000_000_000),
        ("二◯億円", 2_000_000_000),
    ],
)
def test_what_is_written_on_invoices_and_receipts_is_understood(typed: str, yen: int) -> None:
    """A line behind ¥900,000 ends it, whatever key made it; 圓, 參 and 阡 are the figures of contracts."""
    assert from_words(one_width(typed)) == Decimal(yen)


@pytest.mark.parametrize(
    ("typed", "figures"),
    [
        *(("五〇〇〇〇〇", "500000"), ("五〇〇、〇〇〇", "500000"), ("一二三四", "1234"), ("壱〇〇〇", "1000")),
        *(
            ("500,000.00", "500000"),
            ("500,000.0", "500000"),
            ("500000.00", "500000"),
            ("５００，０００．００", "500000"),
        ),
        *(("500,000（税込）", "500000"), ("500,000 税込み", "500000")),
    ],
)
def test_a_whole_number_may_be_written_in_kanji_or_end_in_no_part(typed: str, figures: str) -> None:
    """五〇〇〇〇〇 and 500,000.00 were refused for separators whose places leave no doubt."""
    assert whole(one_width(typed)) == figures


@pytest.mark.parametrize("typed", ["〇〇", "○○", "一", "二三", "500,000.000", "1.500", "5,00.00", "〇〇〇千円"])
def test_a_place_that_is_held_for_a_figure_is_none(typed: str) -> None:
    assert whole(one_width(typed)) is None


@pytest.mark.parametrize("typed", ["〇億円", "○億円", "二三億円", "五六千万円"])
def test_two_or_three_is_no_amount(typed: str) -> None:
    """二三億円 is said for two or three, and was read as 23億円; 〇億円, which waits for its figure, as 0円."""
    assert from_words(one_width(typed)) is None
    assert is_ambiguous(one_width(typed))
