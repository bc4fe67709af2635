"""A message in words is held; what lists the same words as the name of a department is a name."""

from itertools import permutations

import pytest

from services.intake.domain.advertisement import is_advertisement

_MESSAGES = """
料金が未納です｜未納料金があります｜ご利用料金が未納となっております｜未納分の納付｜利用料金の未納について
滞納につき差押
逮捕されます｜逮捕状が出ています｜あなたは逮捕されます｜逮捕状請求中｜本日中に払わないと逮捕｜訴訟を起こします
訴訟最終通告
訴えられています｜裁判になります｜裁判所からの通知｜差押予告通知｜差し押さえのお知らせ｜口座が差し押さえられます
再配達のご依頼はこちら｜再配達のお知らせ｜再配達依頼｜配達不可のお知らせ｜配達できませんでした｜荷物が届いています
お荷物を保管しております｜荷物受取のお願い｜宅配便の不在通知｜ご不在でしたので｜解約のお手続きをお願いします
解約手続きはお済みですか｜サービス解約のご案内｜本日限り解約可能｜退会できません｜退会手続きのお願い
アカウント停止のお知らせ
カード利用停止｜口座凍結｜サービス停止予告｜会員資格が失効しました｜ポイントが失効します｜料金の延滞が続いています
延滞金のご連絡｜有効期限切れのお知らせ｜パスワードの期限切れ｜警察が捜査しています｜警察庁より通知｜税務署からのお知らせ
国税庁からのお知らせ｜法的措置に移行します｜最終警告｜重要なご連絡｜税金の還付があります｜ウイルスに感染しています
会費の引き落としができませんでした｜Your account will be closed｜Click here｜届きました｜退会手続きのお願い
個人情報が流出しました｜お客様のカードが不正に利用されました｜被害届が出ています
"""
_DEPARTMENTS = """
クーポン・ギフト券・キャンペーン推進室｜カード更新・支払・請求センター｜木曽川ライン検索部｜Jライン公式球団｜未納対策課
債権回収・督促課｜差押執行係｜訴訟対策室｜訴訟・コンプライアンス部｜退会手続担当｜停止線工業株式会社｜失効対策課
延滞管理グループ｜解約受付センター｜再配達受付センター｜配達事業部｜荷物取扱所｜荷物追跡システム部｜宅配事業本部
警察署前店
警視庁生活安全部｜税務署前支店｜国税局調査部｜裁判所書記官室｜逮捕術研究会｜請求・支払・返金課
口座振込・請求・返金センター
無料キャンペーン・クーポン事務局｜限定品・セール・ギフト店｜キャンペーン・プレゼント・当選者対応係
未払賃金立替払・請求相談室
アクセス・ログイン・パスワード管理部｜仮想通貨・ビットコイン研究会｜会員登録・更新・解約窓口｜緊急連絡センター
督促管理課長｜再配達センター長｜解約受付センター長｜未納対策課 課長補佐｜督促課 主任｜訴訟対策部 御中｜訴訟対策室 室長
債権督促部長｜解約管理課 リーダー｜督促チーム長｜差押係長｜差押執行官｜解約受付｜訴訟法務｜未納管理｜保険解約事務
訴訟担当弁護士
知財訴訟弁護士法人｜訴訟対応｜督促・回収｜法務・訴訟｜延滞債権管理｜解約返戻金｜解約・返品｜退会手続｜再配達担当者
督促状発送代行｜弁護士(訴訟)｜訴訟担当 山田｜やました はなこ｜株式会社やました｜やました歯科医院｜みました
株式会社きました
みました はなこ｜はやました たろう｜ますい ますみ｜Dear You株式会社｜株式会社Gift For You｜株式会社Free Your Mind
Your Gift Japan｜Money Now
夢をかなえるギフト株式会社｜お届け・不在・再配達受付センター｜クーポン・ギフト・キャンペーン(株)｜お支払い窓口
"""
_HINTS = """
3階です。インターホンを押してください｜警察署の隣です｜税務署前のビルです｜荷物は管理室へお願いします｜入口は裏手です
宅配ボックスに入れてください｜警察署の隣に移転しました｜インターホンで連絡｜1階フロントで登録
"""
_WORDS = """
ギフト クーポン キャンペーン 請求 支払 更新 解約 退会 停止 再配達 未納 ログイン アカウント 検索 追加 登録 招待 連絡
友だち フォロー 無料 限定 LINE公式 ライン Signal Teams X ID DM
"""


def texts(table: str) -> list[str]:
    return [text for line in table.split("\n") if line for text in line.split("｜")]


@pytest.mark.parametrize("text", texts(_MESSAGES))
def test_a_threat_or_a_notice_is_held(text: str) -> None:
    """「料金が未納です」 and 「再配達のご依頼はこちら」 went out in the agency's name: their words were on no list."""
    assert is_advertisement([text], [])
    assert is_advertisement([f"株式会社見本 {text}"], [])


@pytest.mark.parametrize("text", texts(_DEPARTMENTS))
def test_a_department_that_lists_what_it_does_is_a_name(text: str) -> None:
    """クーポン・ギフト券・キャンペーン推進室 and 木曽川ライン検索部 waited until staff had looked."""
    assert not is_advertisement([text], [text])


@pytest.mark.parametrize(
    "unit", ["部", "課", "推進室", "センター", "グループ", "事務局", "本部", "支店", "株式会社", "組合", "球団"]
)
def test_any_two_nouns_and_a_unit_are_a_name(unit: str) -> None:
    """Which words a department is made of says nothing; that it ends as departments do, and is no sentence, does."""
    names = [
        f"{first}{between}{second}{unit}" for first, second in permutations(_WORDS.split(), 2) for between in ("", "・")
    ]

    assert [name for name in names if is_advertisement([name], [name])] == []


@pytest.mark.parametrize("text", texts(_HINTS))
def test_a_hint_for_whoever_comes_by_may_stand_in_an_address(text: str) -> None:
    """荷物, 警察 and 税務署 are lures in a name, and on the way to a building."""
    assert not is_advertisement([], [text])
