"""Invitations to a messenger, domains and telephone numbers in any writing are held; companies' names are not."""

import pytest

from services.intake.domain.advertisement import is_advertisement

_MESSENGERS = """
公式LINE追加 evil888｜副業LINE登録｜投資サロンLINE:evil888｜LINE IDはevil888｜LINEのIDはevil888｜LINEIDはevil888
見本LINE ID evil｜お得情報は公式LINEで｜公式LINE evil｜公式ライン登録｜LINEで相談｜ラインで連絡
ラインのIDはevil｜らいん追加｜ﾗｲﾝ追加｜ＬＩＮＥ追加｜L I N E @evil｜LlNE追加｜LINE→evil｜LINE evil888
LINE友達募集｜LINE交換｜LINEグループ参加｜LINE公式アカウントで検索｜LINE登録で100万円｜TelegramIDはevil
見本telegram:evil｜Telegram evil_bot｜テレグラムのIDはevil｜連絡はQQ123456｜加QQ123456｜見本QQ:123456
TG:evil888｜見本TG@evil｜WeChat ID evil888｜WeChat:evil888｜ウィーチャットID evil｜微信号evil888｜加微信evil888
微信:evil｜VX:evil888｜見本vx evil888｜カカオトークID evil｜カカオID evil888｜カカオトーク追加
kakaotalk id evil｜WhatsApp +819012345678｜WhatsAppで連絡｜viber:evil｜Zalo 84901234567｜Instagram @evil
インスタ @evil｜インスタフォロー｜インスタグラムはこちら｜見本@evil_888｜TikTok @evil｜Twitter DM
スカイプID evil｜Discord招待:evil｜discordサーバーID evil｜QRコードを読み取って｜QRコードからLINE
二次元コードはこちら｜友だち追加｜友達追加 evil｜ID検索 evil888｜IDはevil888｜会員ID:evil888｜DMください
evil888で検索｜フォローしてね｜チャンネル登録よろしく｜プロフ見て｜フォロー @evil｜QRから登録｜加V evil888
QQ群123456｜飛機:evil888｜オプチャ参加｜IG:evil_888｜Xで@evil｜Discord evil#1234｜LINEでお友達｜ﾗｲﾝID evil
スカイプ：evil｜インスタDMまで
Signal ID evil888｜Signalで連絡｜Teams ID｜Xアカウント @evil｜Threads @evil｜Snapchat ID: evil888｜BeReal追加
Slackで相談｜Zoomでご連絡｜ChatworkでID検索
Potato追加｜Potato ID evil888｜Session ID evil_888｜Signalでお待ちしております
アカウント evil888｜evil888を追加｜evil888さんを追加｜evil888まで連絡｜Xのアカウントは@evil｜Signalに登録
フォロー evil888｜evil888 フォロー｜Signal: evil888｜Teams evil888｜Slack招待｜Zoom ID 123456789
Signalへご連絡｜DMはevil888まで｜連絡先 evil888
follow @evil｜note:evil888｜スナチャ追加｜ズームID evil888｜contact evil888
Message me on Signal｜Viber me evil888｜Find Evilbot On Telegram Inc.｜WhatsApp me
"""
_WHERE_TO_WRITE = """
Teamsでのご連絡｜マストドンで連絡｜チームズで連絡｜Signalで待ってます｜Signal で ご連絡｜シグナルで連絡
チャットワークで相談
Xでフォロー｜LINE WORKSでご相談ください｜Google Chatで連絡
"""
_FOR_VISITORS = """
インターフォンで連絡してください｜インターフォンで連絡｜内線101へご連絡ください｜内線101で連絡してください
受付電話8で連絡
コンシェルジュへ連絡｜ガードマンに連絡してください｜オートロックで連絡｜テナントオフィスへ連絡｜B1で登録｜1Fロビーで登録
管理センターへ連絡｜エントランスのインターフォンから連絡｜代表電話から内線8へ連絡｜2F受付で登録をお願いします
ヤマトへ連絡不要
"""
_ADDRESSES = """
evil ドット com｜evil どっと com｜evilドットcom｜evil ドットコム｜evil\u2027com｜evil\u2024com｜evil・com
evil・co・jp｜evil\u25cfcom｜evil\ua4f8com｜пример.рф｜ПРИМЕР.РФ｜見本 пример.рф へ
\u0435vil.com｜g\u043e\u043egle.com｜ev\u03b9l.com｜例え.みんな｜見本.コム｜公司.中国｜예시.한국｜متجر.شبكة
evil dot help｜evil,help｜evil\u02d9com｜evilピリオドcom｜evil ピリオド com｜www evil com｜https evil help
見本 www evil help
उदाहरण.भारत｜見本www.evil.example｜evil アットマーク gmail｜evil ａｔ gmail｜見本192.168.0.1/x
"""
_TELEPHONES = """
〇九〇―一二三四―五六七八｜〇九〇一二三四五六七八｜零三の三五八〇の一二三四｜０９０－１２３４－５６７８
⓪⑨⓪①②③④⑤⑥⑦⑧｜⓪❾⓪-❶❷❸❹-❺❻❼❽｜090~1234~5678｜090_1234_5678｜090の1234の5678｜090|1234|5678
〇三・三五八〇・一二三四｜見本〇九〇 一二三四 五六七八｜0081-3-3580-1234
+1 202 555 0123｜+1-202-555-0123｜+1 (202) 555-0123｜+1.202.555.0123｜+44 20 7946 0958｜+44 (0)20 7946 0958
001-1-202-555-0123｜0011202 555 0123｜010 1 202 555 0123｜1-202-555-0123｜(202) 555-0123｜+86 138 0013 8000
＋１ ２０２ ５５５ ０１２３｜090★1234★5678｜090=1234=5678｜090、1234、5678｜090◆1234◆5678｜090…1234…5678
☎0120●●555●●555
0\ufe0f\u20e39\ufe0f\u20e30\ufe0f\u20e31\ufe0f\u20e32\ufe0f\u20e33\ufe0f\u20e34\ufe0f\u20e35\ufe0f\u20e36\ufe0f\u20e37\ufe0f\u20e38\ufe0f\u20e3
+852 1234 5678｜+65 6123 4567｜00 44 20 7946 0958｜見本+12025550123
"""
_HONEST = """
株式会社ライン工業｜LINE WORKS株式会社｜LINEヤフー株式会社｜LINE Pay株式会社｜LINEグループ株式会社
LINE Digital Frontier株式会社｜Line Planning株式会社｜LINE運用担当｜LINE公式アカウント運用部｜公式LINE運用課
公式LINE担当｜LINE連携開発部｜LINE・SNS運用室｜LINEでの問い合わせはできますか｜Line1工場｜オンライン商事
Onlineショップ課｜オンライン登録センター｜Timeline登録課｜Airline Japan株式会社｜Pipeline株式会社｜Deadline 2020
Production Line 3｜Hotline:総務｜ガイドライン登録機構｜デッドライン株式会社｜スカイライン工業
株式会社ラインナップ｜ラインナップ登録課｜生産ライン追加工事課｜ライン生産技術部｜ライン・アンド・カンパニー
株式会社らいんはると｜株式会社ドットライン｜IDEC株式会社｜ID管理室｜IDホールディングス｜株式会社IDOM
IDカード発行課｜総務部(ID担当)｜アイディー株式会社｜アイディーホーム株式会社｜アイディール株式会社
株式会社アット・マーク｜アットホーム株式会社｜ドットコム商会｜株式会社ドットコム｜イーズドットコム
エヌ.コム株式会社｜株式会社コム｜中国.四国支社｜点検部｜Web・App開発部｜A・B・C商事｜J・P商会｜カカオ株式会社
株式会社カカオジャパン｜カカオピッコマ株式会社｜カカオ豆登録事業｜カカクコム株式会社｜微信日本株式会社
WeChat Pay推進部｜QQ株式会社｜QQイングリッシュ株式会社｜TGK株式会社｜tg株式会社｜株式会社VX｜Telegraph Japan
Skypeサポート課｜スカイプレイ株式会社｜Discord事業部｜Instagram運用課｜インスタグラム運用課
株式会社インスタントハウス｜Instant:食品｜株式会社インスタリム｜TikTok事業部｜Facebook Japan株式会社
ツイッター広告課｜フェイスブックジャパン｜Messenger Bag店｜QRコード決済推進部｜株式会社QRコード
バーコードリーダー開発部｜コードレス工業｜DM発送部｜DM課｜フォローアップ課｜顧客フォロー室｜友だち株式会社
友達建設｜チャンネル登録課｜検索エンジン部｜アカウント課｜プロフィール制作部｜一二三株式会社｜株式会社三四郎
九十九商事｜二〇二六実行委員会｜第一二三四課｜株式会社〇〇一｜〇一ブースター
東京都千代田区一番町二丁目三番四号五〇六｜ООО Пример｜Яндекс｜А.С.Пушкин｜Ελλάς商会
삼성전자｜霞が関3.1.1.201｜見本ビル3F ID:なし｜@cosme｜@Press｜@Type｜A-Line株式会社｜1号ライン｜Bライン製造課
ホットライン登録係｜Ship Line 101｜Beeline｜IG証券株式会社｜ディスコ登録販売｜三・三・三商事｜三菱UFJ
J.フロントリテイリング｜T.D.I｜ディー・エヌ・エー｜オークション・ドットコム｜LINEスタンプ制作部｜加賀商店
Dr.Ci:Labo
ADM｜BDM｜株式会社MDM｜総務 ADM｜営業ADM｜株式会社EDM｜アフターフォロー｜カスタマーフォロー｜CSフォロー｜SNSフォロー
LED交換｜VIP招待
ID交換｜データ追加｜オプション追加｜Ideal21｜IDEA24｜Idemitsu21｜Address21｜株式会社Addvalue21｜Identity21ビル｜Search24
Mihon Pte.Ltd｜Mihon Pvt.Ltd｜Mihon Pty.Ltd｜Mihon,Inc｜Minato-ku,Tokyo｜オンラインでの相談
"""
"""Also questions and lots: what stands in the fields of companies, departments, persons and addresses."""


def texts(table: str) -> list[str]:
    return [text for line in table.split("\n") if line for text in line.split("｜")]


@pytest.mark.parametrize("text", texts(_MESSENGERS))
def test_an_invitation_to_a_messenger_is_held_wherever_it_stands_in_a_text(text: str) -> None:
    r"""公式LINE追加 evil888 went out in the agency's name: to `\b` kanji, kana and Latin letters are one word.

    So did Signal ID evil888 and チャットワークで相談: messengers come and go, and nobody keeps a list of them.
    """
    assert is_advertisement([text], [])
    assert is_advertisement([f"株式会社見本{text}"], [])
    assert is_advertisement([], [text])


@pytest.mark.parametrize("text", texts(_ADDRESSES))
def test_a_domain_in_another_script_or_with_another_dot_is_held(text: str) -> None:
    """evil ドット com can be typed into a browser by whoever reads it, and a mail program makes a link of пример.рф."""
    assert is_advertisement([text], [])
    assert is_advertisement([], [text])


@pytest.mark.parametrize("text", texts(_TELEPHONES))
def test_a_telephone_number_in_any_figures_is_held_in_a_name(text: str) -> None:
    """〇九〇―一二三四―五六七八 is dialled as easily as 090-1234-5678, and NFKC leaves ❶ as it is.

    +1 202 555 0123 passed as a name, because only numbers in Japan were known.
    """
    assert is_advertisement([text], [])


@pytest.mark.parametrize("text", texts(_HONEST))
def test_what_only_resembles_an_invitation_is_not_held(text: str) -> None:
    """The name of a messenger, ID or a dot alone is a business, a department, a question or a lot."""
    assert not is_advertisement([text], [])
    assert not is_advertisement([], [text])


@pytest.mark.parametrize("text", texts(_WHERE_TO_WRITE))
def test_where_to_write_is_held_in_a_name(text: str) -> None:
    """No company is called シグナルで連絡; in an address it cannot be told from コンシェルジュへ連絡."""
    assert is_advertisement([text], [])
    assert is_advertisement([f"株式会社見本{text}"], [])


@pytest.mark.parametrize("text", texts(_FOR_VISITORS))
def test_an_address_tells_visitors_what_to_do(text: str) -> None:
    """インターフォンで連絡してください and 内線101へご連絡ください made their senders wait: only ホン was known."""
    assert not is_advertisement([], [text])


@pytest.mark.parametrize(
    ("company", "department", "person"),
    [
        ("LINE", "", "evil888"),
        ("LINE", "総務部", "evil888"),
        ("お問合せ 03-3580", "", "1234"),
        ("お問合せ 03-3580", "総務部", "1234"),
        ("至急 090", "1234-5678", "やまだ"),
        ("evil.", "", "com"),
    ],
)
def test_a_message_over_several_fields_is_held(company: str, department: str, person: str) -> None:
    """「LINE」 and 「evil888」 are no message, but the mail shows one below the other."""
    assert is_advertisement([company, department], [], person)


def test_names_side_by_side_are_no_message() -> None:
    for department in ("", "総務部", "LINE運用担当", "ID管理課", "第1・2・3営業部"):
        for company in (
            "株式会社0123引越センター",
            "LINEヤフー株式会社",
            "Mihon Co., Ltd.",
            "㈱髙﨑",
            "IDホールディングス株式会社",
        ):
            for person in ("山田 太郎", "Taro Yamada", "やました はなこ"):
                assert not is_advertisement([company, department], [], person)


@pytest.mark.parametrize("person", ["Taro.Suzuki", "Ken.Otsuka", "Minho.Kim", "Ichiro.Honda", "Aya.Komatsu"])
def test_a_family_name_that_is_a_top_level_domain_is_a_name(person: str) -> None:
    """.suzuki and .honda belong to companies. As a company Taro.Suzuki would be a link."""
    assert not is_advertisement(["株式会社見本"], [], person)
    assert is_advertisement([person], [])


@pytest.mark.parametrize("person", ["evil.com", "Evil.Com", "evil.help", "taro.suzuki", "Evil.Io", "Taro.Suzuki/x"])
def test_an_address_is_no_person(person: str) -> None:
    assert is_advertisement(["株式会社見本"], [], person)
