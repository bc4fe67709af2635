from itertools import product

import pytest

from services.intake.domain import contact_shapes
from shared.answers import normalise
from shared.answers.visible import unusable

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param(
            "渋谷区道玄坂１ー２－３　〇〇ビル１０Ｆ", "渋谷区道玄坂1-2-3 〇〇ビル10F", id="an address in full width"
        ),
        pytest.param("か\u3099くしゅう", "がくしゅう", id="a dakuten that came apart is put together"),
        pytest.param("ｶﾌﾞｼｷｶﾞｲｼｬ", "カブシキガイシャ", id="half-width kana"),
        pytest.param("スーパーマーケット", "スーパーマーケット", id="a long vowel is no hyphen"),
        pytest.param("㈱①〜髙﨑𠮷", "㈱①〜髙﨑𠮷", id="characters that a company is called by"),
        pytest.param("\ufa19谷", "\ufa19谷", id="the old form of 神, which NFC would replace"),
        pytest.param("葛\U000e0100城", "葛\U000e0100城", id="a variant of a kanji"),
        pytest.param("\u200b 見本　商会 \ufeff", "見本 商会", id="what cannot be seen at the edges"),
    ],
)
def test_a_name_is_mended_only_where_it_is_safe(typed: str, kept: str) -> None:
    assert normalise.soft(typed) == kept


def test_a_line_is_tidied_alike_by_itself_and_among_others() -> None:
    """Most names are tidy, and are taken as they are: only what nothing would have changed."""
    short = map("".join, product("あかー1 　-a\u3099゛ｱ㈱⼀株", repeat=4))

    assert [typed for typed in short if normalise.soft(typed) != normalise.soft_lines(typed)] == []


@pytest.mark.parametrize(
    "typed",
    [
        "０３－３５０１－１５１１",
        "03(3501)1511",
        "０１２０ー１１５ー９１０",
        "+81 3 3501 1511",
        "03ｰ3501ｰ1511 内線123",
        "060-1234-5678",
    ],
)
def test_a_phone_number_is_taken_as_people_write_it(typed: str) -> None:
    assert contact_shapes.phone(typed) is not None


def test_the_extension_of_a_phone_number_is_kept() -> None:
    assert contact_shapes.phone("０３－３５０１－１５１１　内線１２３") == "03-3501-1511 内線123"


@pytest.mark.parametrize("typed", ["1234", "電話番号", "内線12", "", "0" * 40])
def test_what_cannot_be_a_phone_number_is_refused(typed: str) -> None:
    assert contact_shapes.phone(typed) is None


@pytest.mark.parametrize("typed", ["1000013", "100-0013", "１００－００１３", "〒100ー0013", "100 0013"])
def test_a_postal_code_is_seven_digits_in_any_dress(typed: str) -> None:
    assert contact_shapes.postal_code(typed) == "100-0013"


@pytest.mark.parametrize("typed", ["100", "10000131", "abc-defg", "100_0013"])
def test_anything_else_is_no_postal_code(typed: str) -> None:
    assert contact_shapes.postal_code(typed) is None


def test_an_address_is_one_that_every_mail_server_can_write_to() -> None:
    """What notify could not send to must be refused here, where its sender can still mend it."""
    assert contact_shapes.email("山田@example.co.jp") is None
    assert contact_shapes.email("taro@日本語.jp") == "taro@xn--wgv71a119e.jp"


def test_a_mail_address_in_full_width_is_the_same_address() -> None:
    assert contact_shapes.email(" ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ ") == "taro@example.co.jp"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a..b@docomo.ne.jp", "a..b@docomo.ne.jp"),
        ('"a..b"@docomo.ne.jp', "a..b@docomo.ne.jp"),
        ("ａｂｃ．＠ｄｏｃｏｍｏ．ｎｅ．ｊｐ", "abc.@docomo.ne.jp"),
        (".abc@ezweb.ne.jp", ".abc@ezweb.ne.jp"),
        ('"taro"@example.co.jp', "taro@example.co.jp"),
        ("見本 太郎 <taro@example.co.jp>", "taro@example.co.jp"),
        ("mailto:taro@example.co.jp", "taro@example.co.jp"),
        ("taro\u200b@exam\u00adple.co.jp\u00a0", "taro@example.co.jp"),
        ("taro@example。co。jp", "taro@example.co.jp"),
        ("taro@見本.みんな", "taro@xn--8pvz87e.xn--q9jyb4c"),
    ],
)
def test_a_mail_address_is_kept_as_its_owner_knows_it(typed: str, kept: str) -> None:
    """Old phones' addresses, with dots side by side, were refused with the sentence for typing errors."""
    assert contact_shapes.email(typed) == kept


@pytest.mark.parametrize("typed", ["=?utf-8?q?x?=@example.com", "＝？utf-8?q?x?＝@example.com", '"a b"@example.com'])
def test_an_address_that_becomes_another_text_in_a_header_is_refused(typed: str) -> None:
    assert contact_shapes.email(typed) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        *((f"taro@so{sign}net.ne.jp", "taro@so-net.ne.jp") for sign in "ーｰ‐‑‒–—―−－﹣˗⁃─"),
        *((f"taro{sign}1@example.co.jp", "taro-1@example.co.jp") for sign in "ーｰ‐‑‒–—―−－﹣"),
        ("ｔａｒｏ＠ｓｏーｎｅｔ．ｎｅ．ｊｐ", "taro@so-net.ne.jp"),
        ("taro@mihon‐2ー3.co.jp", "taro@mihon-2-3.co.jp"),
        ("taro‐@docomo.ne.jp", "taro-@docomo.ne.jp"),
        ("taro@スーパー.jp", "taro@xn--zck5b0gb.jp"),
    ],
)
def test_any_dash_between_the_letters_of_a_mail_address_is_a_hyphen(typed: str, kept: str) -> None:
    """soーnet.ne.jp became xn--sonet-314d.ne.jp, which nobody has; the key beside 0 types ー while Japanese is set."""
    assert contact_shapes.email(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("千代⽥区", "千代田区"),
        ("⼤阪府⼤阪市", "大阪府大阪市"),
        ("⻑野県⻑野市", "長野県長野市"),
        ("⾹川県", "香川県"),
        ("株式会社⻘⻄⻨酒店", "株式会社青西麦酒店"),
    ],
)
def test_a_radical_is_kept_as_the_kanji_that_it_looks_like(typed: str, kept: str) -> None:
    """What is copied out of a PDF often has ⽥ (U+2F65) for 田: nobody sees it, and no search finds the name again."""
    assert normalise.soft(typed) == kept
    assert normalise.soft_lines(typed) == kept


@pytest.mark.parametrize("typed", ["taro①@example.com", "taro²@example.com", "taro@example₁.com", "taro@ex⑴.com"])
def test_a_raised_or_circled_figure_is_no_part_of_a_mail_address(typed: str) -> None:
    """NFKC made taro1@example.com of taro①@example.com: the answer would have gone to somebody else's mailbox."""
    assert contact_shapes.email(typed) is None


@pytest.mark.parametrize("typed", ["03-1234-5678①", "03-1234-567⁸", "03-1234-5678²", "①03-1234-5678", "03-1234-⑤678"])
def test_a_raised_or_circled_figure_is_no_part_of_a_telephone_number(typed: str) -> None:
    """03-1234-5678① (the first of two) was kept as 03-1234-56781, which nobody answers."""
    assert contact_shapes.phone(typed) is None


@pytest.mark.parametrize("typed", ["100-001³", "①00-0013", "100-00₁3"])
def test_a_raised_or_circled_figure_is_no_part_of_a_postal_code(typed: str) -> None:
    """100-001³ lacks a figure and has a footnote; its note was taken as the figure."""
    assert contact_shapes.postal_code(typed) is None


@pytest.mark.parametrize("typed", ["taro", "taro@", "@example.co.jp", "a b@example.co.jp", "taro@example"])
def test_what_no_mail_can_reach_is_refused(typed: str) -> None:
    assert contact_shapes.email(typed) is None


@pytest.mark.parametrize("typed", ["taro@example.co.jpです", "taro@example.co.jp\u0335", "taro@example。comまで"])
def test_words_behind_a_mail_address_are_no_part_of_its_domain(typed: str) -> None:
    """taro@example.co.jpです became taro@example.co.xn--jp-…, which nobody has, and its owner got no mail."""
    assert contact_shapes.email(typed) is None


@pytest.mark.parametrize("code", [0x00, 0x0A, 0x1B, 0x85, 0x2028, 0xD800, 0xFFFD])
def test_what_no_keyboard_types_is_not_text(code: int) -> None:
    assert unusable(f"見本{chr(code)}商会") is not None
