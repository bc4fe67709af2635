"""A name that carries a message: the agency must not mail a stranger's words to somebody else."""

import pytest

from services.intake.domain.answers import check
from services.intake.domain.suspicion import is_held, of_answers
from tests.services.intake.builders import a_product, brochure_only

_FIELDS = ("company", "department", "person", "address", "building")


def suspicions(**changes: str) -> tuple[str, ...]:
    """Those of a request that is accepted with these answers."""
    found = check(a_product().form, brochure_only(**changes))
    assert not found.problems
    return tuple(of_answers(found.answers))


@pytest.mark.parametrize(
    "text",
    [
        "当選おめでとうございます！こちらから→ https://evil.example/win",
        "https://evil.example",
        "evil.com",
        "見本evil.com商会",
        "evil．com",
        "evil。com",
        "evil .com",
        "evil . com",
        "evil[.]com",
        "evil (dot) com",
        "evil-dot-com",
        "evil\u00b7com",
        "evil\u22c5com",
        "evil・com",
        "evil,com",
        "mailto:evil",
        "evil dot com",
        "evil.co.jp",
        "evil.example/win",
        "ｈｔｔｐ：／／ｅｖｉｌ．ｃｏｍ",
        "hxxps[:]//evil[.]com",
        "h**p://evil",
        "//evil.com/x",
        "www.evil.example",
        "e\u200bvi\u00adl.c\u2060om",
        "𝐞𝐯𝐢𝐥.𝐜𝐨𝐦",
        "ⓔⓥⓘⓛ.ⓒⓞⓜ",
        "xn--80ak6aa92e.com",
        "192.168.0.1",
        "e v i l . c o m",
        "evil․com",
        "evil点com",
        "evil.io",
        "evil.de",
        "evil.co.uk",
        "taro@gmail",
        "<a href=x>",
        "[こちら](//evil)",
        "@evil_bot",
        "ライン@evil",
        "QQ 12345678",
        "t.me/evil",
        "bit.ly/3abc",
        "wa.me/819012345678",
        "当選.jp/x",
        "info@evil.com",
        "info＠evil．com",
        "info (at) evil [dot] com",
        "LINE@evil",
        "ＬＩＮＥ ＩＤ：evil",
        "LINE公式アカウントで検索",
        "Telegram: @evil",
        "WeChat ID evil",
        "100万円プレゼント！今すぐクリック",
        "未払い料金がございます。至急ご連絡ください",
        "あなたの口座が利用停止されました。ご確認ください",
        "お荷物をお届けしましたが不在のため持ち帰りました。",
        "無料で稼げる副業",
        "アカウントがロックされました",
        "お支払い方法を更新してください",
        "送料無料！今だけ",
        "★★★大特価★★★",
        "FREE MONEY!!!",
        "I hacked your computer, pay 500 USD in BTC",
        "Congratulations! You won $1000",
        "Click here to claim your prize",
        "さきほどはありがとうございましたのでまたよろしくおねがいします",
    ],
)
@pytest.mark.parametrize("field", _FIELDS)
def test_a_message_in_a_name_or_an_address_holds_the_mails(field: str, text: str) -> None:
    """The form mailed 「当選おめでとうございます！…→ https://evil.example/win」 to anybody, in the agency's name."""
    found = suspicions(**{field: text})

    assert "advertisement" in found
    assert is_held(found)


@pytest.mark.parametrize("between", ["－", "-", " ", "・", ".", "/", "ー", "\u2010", "\u2212", "\u2015"])
@pytest.mark.parametrize("field", ["company", "department", "person"])
def test_a_telephone_number_is_no_name(field: str, between: str) -> None:
    """「株式会社テスト 03・1234・5678」 stood in the salutation of a mail to somebody else's mailbox."""
    assert "advertisement" in suspicions(**{field: f"見本 ０９０{between}１２３４{between}５６７８"})
    assert suspicions(address="東京都千代田区霞が関1-2-3", building="見本ビル 03-1234-5678") == ()


@pytest.mark.parametrize(
    "name",
    [
        "株式会社ドットコム",
        "価格.com",
        "Yahoo! JAPAN",
        "LINEヤフー株式会社",
        "A.B.C.株式会社",
        "A.B.Co., Ltd.",
        "Mihon.Co.,Ltd.",
        "日本M&Aセンター",
        "(株)はなまる",
        "㈱髙﨑",
        "ASP.NET開発部",
        "Spiral.AI株式会社",
        "Node.jsグループ",
        "モーニング娘。",
        "＠ベリー株式会社",
        "株式会社アット・ホーム",
        "Web・App開発部",
        "ギフト事業部",
        "キャンペーン事務局",
        "お客様サービス部",
        "無料相談センター",
        "株式会社いただきます",
        "インスタグラム運用課",
        "LINE運用担当",
        "H.I.S.",
        "Dr.Ci:Labo",
        "セブン-イレブン",
        "A/B",
        "東京都千代田区霞が関1.2.3",
        "3階です。インターホンを押してください",
        "株式会社クリック",
        "カカオ株式会社",
        "@cosme",
        "J.Co株式会社",
        "Mt.Fuji",
        "P.O.Box 123",
        "R&D部",
        "パスワード管理室",
        "口座振込課",
        "ハロー!プロジェクト",
        "Click&Grow",
        "当選社",
        "オンライン登録センター",
        "オンライン公式ストア課",
        "オンラインID連携開発部",
        "ガイドライン登録機構",
    ],
)
@pytest.mark.parametrize("field", _FIELDS)
def test_the_name_of_a_company_is_no_advertisement(field: str, name: str) -> None:
    """A false alarm makes a customer wait until staff have looked, so it must be rare."""
    assert suspicions(**{field: name}) == ()


def test_a_name_that_mail_programs_make_a_link_of_waits_until_staff_have_looked() -> None:
    """booking.com Japan株式会社 exists; evil.com 株式会社 would be a link in a mail of ours just the same."""
    assert suspicions(company="booking.com Japan株式会社") == ("advertisement",)


def test_what_happened_may_hold_an_address() -> None:
    """The description of an incident goes to the desk only."""
    found = check(a_product().form, brochure_only(incidents_note="https://evil.example"))

    assert tuple(of_answers(found.answers)) == ()


def test_a_person_and_a_company_are_read_each_by_its_own_rule_and_both_together() -> None:
    assert suspicions(person="Taro.Suzuki") == ()
    assert suspicions(company="Taro.Suzuki") == ("advertisement",)
    assert suspicions(company="お問合せ 03-3580", person="1234") == ("advertisement",)
    assert suspicions(company="LINE", person="evil888") == ("advertisement",)
