"""Whom a mail to the contact greets: by name only what looks like a name, whatever else is typed.

Every list of bad words that kept messages out was passed by the next message (恭喜您中奖, 金を払え, Payment failed),
and held names back (やました はなこ). A greeting without a name harms nobody.
"""

import pytest

from services.notify.domain import names
from shared.events.parcels import Contact
from tests.services.notify.builders import CONTACT

_COMPANIES = """
株式会社𠮷野髙﨑製作所｜株式会社やました｜やました歯科医院｜ますだクリニック｜有限会社きのした｜(株)はなまる｜㈱髙﨑
合同会社見本企画｜合資会社見本酒造店｜合名会社見本｜見本相互会社｜医療法人社団見本会
医療法人社団 見本会 ますだクリニック
一般社団法人見本協会｜一般財団法人日本情報経済社会推進協会 認定個人情報保護団体事務局｜学校法人見本学園
特定非営利活動法人みほんの会｜社会福祉法人ひだまり｜弁護士法人見本総合法律事務所｜見本監査法人｜見本農業協同組合
全国見本連盟｜見本市立病院｜見本医院｜見本大学｜見本学園｜見本高校｜みほん幼稚園｜さくら保育園｜山田会計事務所｜山田商店
佐藤工務店｜鈴木製作所｜見本銀行 東京支店｜見本信用金庫｜見本市役所 総務課｜見本町役場｜見本県庁｜見本神社｜見本寺
株式会社ADM Japan｜株式会社MDM｜株式会社 見本商事｜見本商事株式会社｜見本商事株式会社 大阪支店｜見本商事(株)
Mihon Co., Ltd.｜Mihon Co.,Ltd｜Mihon Trading Co. Ltd.｜Mihon Inc.｜Mihon Corp.｜Mihon K.K.｜K.K. No.1｜Mihon LLC
Mihon Pte.Ltd｜Mihon Pty. Ltd.｜(株)ABC Co., Ltd.｜LINEヤフー株式会社｜IDホールディングス株式会社｜Dear You株式会社
あいおいニッセイ同和損害保険株式会社｜J.フロントリテイリング株式会社｜株式会社Gift For You｜株式会社A&B
株式会社ほけんの窓口グループ
株式会社2nd Street｜株式会社エム・アンド・エム｜株式会社セブン-イレブン・ジャパン
"""
_PERSONS = """
𠮷田 葛彦｜山田太郎｜山田 太郎｜やました はなこ｜ますい ますみ｜ます ますお｜みました はなこ｜やましろ ましろ
ヤマダ タロウ
ﾔﾏﾀﾞ ﾀﾛｳ｜山田 はなこ｜山田はなこ｜佐々木 小次郎｜勅使河原 三郎｜井ノ原 快彦｜木の下 一｜三ツ木 誠｜髙﨑 真弓
鵜殿 一｜真殿 一｜林 一｜Taro Yamada｜YAMADA TARO｜Jean Luc Picard｜マイケル・ジョンソン｜アウンサン スーチー
グエン ティ ラン
渡邊󠄀 健｜金 美淑｜李 明｜五十嵐 みゆき｜あべ のえる｜森 ひろし｜Ann Osama｜ご担当者
"""
_MESSAGES = """
株式会社ゼロキュウゼロイチニサンヨンゴロクナナハチ｜ゼロサンゴーゴーイチニサンヨン
恭喜您中奖｜您已中奖请联系客服｜당첨되셨습니다｜Felicidades ha ganado｜Ваш аккаунт заблокирован
PayPayポイント5万円分進呈｜給付金の申請期限は本日まで｜マイナポイント2万円分進呈
会費の引き落としができませんでした｜給付金対象者様｜10万円給付対象者に選ばれた方｜抽選で選ばれた方へ
特別給付金の受取期限｜O9O-1234-5678｜o9o 1234 5678｜0️⃣9️⃣0️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣
ゼロキューゼロ 1234 5678｜〇九〇(一二三四)五六七八｜㊀㊁｜０９０…１２３４…５６７８｜090=1234=5678｜090★1234★5678
090、1234、5678｜☎0120 555 555｜０１２０の５５５の５５５｜0 9 0 1 2 3 4 5 6 7 8｜090◆1234◆5678｜l20-555-555
ググってね｜「見本投資」でググって｜Googleで見本投資｜App Storeで見本｜ヤフーで見本投資を検索｜見本投資で検索
殺すぞ｜死ね｜ばか社長へ｜詐欺師に騙された会社｜お前を許さない｜この会社は詐欺だ｜爆破する｜放火予告
エロ動画見放題｜人妻と会える｜セフレ募集｜月収100万可能｜即日融資OK｜ブラックOK即日融資｜審査なしで貸します
闇バイト募集｜高額バイト募集｜裏バイト｜bit.ly∕abc｜t ．me／evil｜evil．ⅽom｜evil.com／｜evil[ドット]com
www evil com｜evil・net｜evil dot help｜evil．comにて｜evil.c om｜evilピリオドcom｜evil どっとこむ｜evil.ｃｏｍ
evil˙com｜evil。ｃｏｍ｜evil,help｜evil・help｜evil / com｜evil―com｜evil/jp｜https evil help
evil888アットgmail｜evil888 at-mark gmail｜evil888＠ジーメール｜evil888★gmail｜gmailのevil888まで｜evil888 Gmail
メールはevil888のgmail｜Your account will be closed｜Call us immediately｜Final notice from bank
Pay your invoice immediately｜Update your billing details｜Payment failed｜You have a refund waiting
Security alert｜Invoice attached｜Your package is waiting｜三井住友銀行セキュリティ部｜ご本人様確認が必要
カード会社より大切なお知らせ｜不正アクセスを検知｜セキュリティ警告｜パスワード変更のお願い｜ETC利用照会サービス
電気料金未払｜NHK受信料未納｜督促状｜最終督促｜LINE で evil888｜ＬＩＮＥのevil888｜L.I.N.E evil｜ラ イ ン 追 加
らいんください｜ライソ追加｜L1NE追加｜LINEください｜LINEよろしく｜LINEまで｜LINEおねがい｜ＬＩＮＥ下さい
LINE 友だちになろう｜カカオください｜TikTok見て｜YouTube見て｜YouTubeで見本｜YouTubeチャンネル見本
ユーチューブで検索｜インスタ見て｜インスタやってます｜noteで見本｜evil888@X｜X(旧Twitter) evil888
ツイッター evil888｜Bluesky evil888｜小紅書 evil888｜抖音evil888｜ハッキングしました｜あなたのPCを監視しています
ビデオを公開する｜ビットコインを送れ｜身代金を払え｜家族に危害を加える｜録画した｜0.5BTCを送金せよ｜送金しろ
金を払え｜警察に通報する｜訴えてやる｜ころすぞ｜おまえをころす｜金払えよ｜Pay Now 123｜至急 090
お問合せ 03-3580｜身代金を払え｜ラインで まってるよ｜殺すぞ 山田｜山田 死ね｜裏 バイト募集｜会社を燃やすぞ
振込しろ｜金よこせ
"""
_BESIDE_A_FORM = """
殺すぞ｜死ね｜金を払え｜送金しろ｜送金せよ｜爆破する｜警察に通報する｜お前を許さない｜この会社は詐欺だ｜訴えてやる｜放火予告
Payment failed｜Call us immediately｜闇バイト募集｜恭喜您中奖｜給付金の申請期限は本日まで｜PayPayポイント5万円分進呈
ご本人様確認が必要｜お支払いのお願い｜090★1234★5678｜evil dot help｜evil,help｜LINEよろしく｜督促状｜電気料金未払
"""


def texts(table: str) -> list[str]:
    return [text for line in table.split("\n") if line for text in line.split("｜")]


def a_contact(**changes: str) -> Contact:
    return Contact.model_validate(CONTACT | changes)


@pytest.mark.parametrize("company", texts(_COMPANIES))
def test_what_bears_the_form_of_a_company_is_greeted_by_name(company: str) -> None:
    """株式会社やました and やました歯科医院 were taken for messages, because ました ends sentences."""
    assert names.salutation(a_contact(company=company)) == f"{company}\n𠮷田 葛彦 様"


@pytest.mark.parametrize("person", texts(_PERSONS))
def test_a_person_is_greeted_by_name(person: str) -> None:
    assert names.salutation(a_contact(person=person)) == f"株式会社𠮷野髙﨑製作所\n{person} 様"


@pytest.mark.parametrize("text", texts(_MESSAGES))
@pytest.mark.parametrize("field", ["company", "person"])
def test_a_message_is_not_repeated_to_a_mailbox_that_nobody_confirmed(field: str, text: str) -> None:
    """殺すぞ, 身代金を払え and 恭喜您中奖 were on no list, and anybody was greeted with them."""
    contact = a_contact(**{field: text})

    assert names.salutation(contact) == "ご担当者様"
    assert field == "company" or not names.shown_person(contact)


@pytest.mark.parametrize("text", texts(_BESIDE_A_FORM))
@pytest.mark.parametrize("company", ["株式会社{}", "株式会社 {}", "株式会社見本 {}", "{}株式会社", "{} Inc."])
def test_a_legal_form_makes_no_name_of_a_sentence(company: str, text: str) -> None:
    """Whoever knows the rule writes 株式会社 before the message."""
    assert names.salutation(a_contact(company=company.format(text))) == "ご担当者様"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        pytest.param("company", "株式会社" + "見" * 37, id="a company of 41 characters"),
        pytest.param("person", "山" * 21, id="a person of 21 characters"),
        pytest.param("person", "山", id="a person of one character"),
        pytest.param("person", "やまだやまだや はなこさん", id="a person of eleven hiragana"),
        pytest.param("person", "Taro Jiro Saburo Shiro", id="a person of four words"),
        pytest.param("person", "山田太郎3", id="a person with a figure"),
        pytest.param("company", "SHIBUYA109", id="a company without a form"),
        pytest.param("company", "株式会社2000トラスト", id="a company with many figures"),
    ],
)
def test_what_does_not_look_like_a_name_is_greeted_without_one(field: str, text: str) -> None:
    """Some are names all the same: a greeting without a name harms nobody, and the paper bears it in full."""
    assert names.salutation(a_contact(**{field: text})) == "ご担当者様"
