"""How those who asked are named: one title each, and no message of a stranger."""

import pytest

from services.notify.domain import names
from shared.events.parcels import Contact
from tests.services.notify.builders import CONTACT


def a_contact(**changes: str) -> Contact:
    return Contact.model_validate(CONTACT | changes)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ヤマダ タロウ 様", "ヤマダ タロウ"),
        ("山田太郎様", "山田太郎"),
        ("山田太郎様様", "山田太郎"),
        ("山田 太郎 さま", "山田 太郎"),
        ("山田さん", "山田"),
        ("林さん", "林"),
        ("山田太郎 殿", "山田太郎"),
        ("山田太郎殿", "山田太郎"),
        ("山田太郎先生", "山田太郎"),
        ("山田太郎 先生 御中", "山田太郎"),
        ("山田太郎 氏", "山田太郎"),
        ("山田太郎(様)", "山田太郎"),
        ("山田太郎 様。", "山田太郎"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ ｻﾏ", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("ご担当者様", "ご担当者"),
        ("様", names.NOBODY),
        ("", names.NOBODY),
    ],
)
def test_a_person_has_no_title_before_ours(typed: str, name: str) -> None:
    """「ヤマダ タロウ 様」 became 「ヤマダ タロウ 様 様」 in every mail and on the 見積書 (U6)."""
    assert names.person_name(typed) == name


@pytest.mark.parametrize(
    "name",
    [
        "鵜殿",
        "真殿 一",
        "アウンサン",
        "氏家 健",
        "様似 花子",
        "先生田 花子",
        "Ann Osama",
        "グエン ヴァン サン",
        "五十殿",
        "中村一氏",
    ],
)
def test_what_only_looks_like_a_title_stays_in_a_name(name: str) -> None:
    assert names.person_name(name) == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("株式会社山田商事 御中", "株式会社山田商事"),
        ("株式会社山田商事御中", "株式会社山田商事"),
        ("株式会社山田商事 様", "株式会社山田商事"),
        ("株式会社山田商事様", "株式会社山田商事"),
        ("総務部 御中 様", "総務部"),
        ("山田商事 各位", "山田商事"),
        ("山田商事 殿", "山田商事"),
        ("御中", "御中"),
        ("株式会社神様", "株式会社神様"),
        ("株式会社おかげ様", "株式会社おかげ様"),
        ("デザイン事務所 縞模様", "デザイン事務所 縞模様"),
        ("見本株式会社様", "見本株式会社"),
        ("お母さん", "お母さん"),
        ("湯殿", "湯殿"),
    ],
)
def test_a_company_has_no_title_before_ours(typed: str, name: str) -> None:
    assert names.company_name(typed) == name


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/win",
        "ｈｔｔｐ：／／evil．example",
        "www.evil.example",
        "evil.com",
        "当選サイト evil.jp",
        "例え.テスト.jp",
        "info@evil.example",
        "info＠evil.example",
        "03-1234-5678",
        "電話 090 1234 5678",
        "当選おめでとうございます",
        "詳しくはこちらをご覧ください",
        "口座を確認します。",
        "すぐに連絡を!",
        "→ こちら",
        "無料プレゼント",
        "evil.help",
        "evil . bet",
        "+1 202 555 0123",
        "+44 (0)20 7946 0958",
        "001-1-202-555-0123",
        "Signal ID evil888",
        "Teams ID",
        "シグナルで連絡",
        "Signalで相談",
        "Potato evil_x",
        "あなたのおともだちがあなたのことをずっとまっているよ",
        "あ" * 101,
        "𠮷" * 61,
        "",
    ],
)
@pytest.mark.parametrize("field", ["company", "person"])
def test_what_is_no_name_is_not_repeated_to_a_mailbox_that_nobody_confirmed(text: str, field: str) -> None:
    """The receipt began with 300 characters of a stranger's choice, and the agency sent it to anybody (S7)."""
    contact = a_contact(**{field: text})

    assert names.salutation(contact) == "ご担当者様"
    assert not (names.shown_company if field == "company" else names.shown_person)(contact)


@pytest.mark.parametrize(
    "company",
    [
        "株式会社𠮷野髙﨑製作所",
        "Yahoo! JAPAN",
        "(株)ABC Co., Ltd.",
        "K.K. No.1",
        "あいおいニッセイ同和損害保険株式会社",
        "一般財団法人日本情報経済社会推進協会 認定個人情報保護団体事務局",
        "株式会社2000トラスト",
        "SHIBUYA109",
        "IDホールディングス株式会社",
        "LINEヤフー株式会社",
        "J.フロントリテイリング株式会社",
        "AT&T",
    ],
)
def test_the_desk_is_told_a_company_in_the_subject(company: str) -> None:
    """Staff know the agency's customers: to them any short text that is no message is a name."""
    assert names.shown_company(a_contact(company=company)) == company
