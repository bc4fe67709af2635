"""Whether a text tells or promises its reader something: a message, where a name should stand.

A department lists nouns (クーポン・ギフト券・キャンペーン推進室), a message makes a sentence of them. So what ends as
departments, companies and clubs do, and has no shape of a sentence, is a name, whatever words it consists of.
"""

import re
from typing import Final

UNITS: Final = (
    "部|課|係|室|局|店|社|株|会|所|署|班|科|院|庁|省|館|場|校|学園|大学|銀行|組合|球団|団体|財団|連盟|機構|窓口|担当|事業|販売|商会|工業"
    "|センター|グループ|チーム|デスク|オフィス|ショップ|ストア|クラブ|カンパニー|ホールディングス|サポート|ユニット|プロジェクト"
)
"""With what the names of departments, companies and clubs end."""
_UNIT: Final = re.compile(
    # What a department does is its name also without 課 (解約受付, 督促・回収); a rank or a title stands behind.
    rf"(?:(?:{UNITS})長?|受付|管理|法務|事務|対応|対策|回収|手続|代行"
    r"|返戻金|返品|弁護士|法人|官|担当者|・(?:訴訟|督促)|\(訴訟)[)」]?"
    "(?: ?(?:御中|各位|主任|主査|主幹|[部課係室局所]長(?:補佐|代理)?|補佐|代理|リーダー|マネージャー"
    "|(?<=担当 )[一-龠]{2,4}))?$"
)
_LURES: Final = re.compile(
    "当選|おめでとう|当たり|無料|プレゼント|クリック|タップ|今すぐ|いますぐ|アクセス|こちら|稼げ|稼ぐ|儲か|副業|賞金|高収入"
    "|未払|最終|重要な|至急|緊急|不正利用|停止|荷物(?![はを])"
    "|口座|振込|ログイン|パスワード|暗証番号|本人確認|仮想通貨|ビットコイン|カジノ|出会い|ギフト|クーポン|キャンペーン|限定"
    "|お届け|不在|返金|還付|請求|検索して|今だけ|半額|セール|特価|差し上げ|支払|更新|(?<!オート)ロック|凍結|お知らせ"
    "|congratulat|winner|you won|click|claim|prize|free|gift|bitcoin|crypto|casino|viagra|urgent|verify|password"
    "|suspend|arrest|overdue|money|parcel|dear|login|log in|hacked|btc|usd|cheap|account"
)
_PRICE: Final = re.compile("[0-9]万?円")
_DID: Final = "(?<!会社)(?<=[ぁ-んァ-ヶー一-龠])[きしちりいみびえけせてねべめれ]ました"
"""やました, きました and みました are family names."""
_POLITE: Final = (
    f"(?:です|ます|{_DID}|ません|ください|下さい|ましょう|でしょう|おめでとう)(?:[。!、.→?♪★☆ー〜ねよ]|$| )"
)
_SENTENCE: Final = re.compile(
    rf"{_POLITE}|(?:お知らせ|お願い|案内|通知|警告|通告|予告|連絡|の件|について|は ?こちら|へどうぞ)[。!]?$"
    "|(?:です|ます|ました|ません)か|(?:でし|まし)た[がの]|(?:停止|凍結|お支払い?)$"
    r"|[★☆■◆]{2}|[→⇒➡►▶↓☞👉🎉🎁💰✨⚠]|!{2}|[!?。].{2,40}[!?。]|\$ ?[0-9]"
    r"|(?:click|claim|verify|log ?in|pay) (?:here|now|today|your)(?![a-z])"
)
_TO_YOU: Final = re.compile("(?<![a-z0-9])(?:you|your|here|now|today)(?![a-z0-9])")
_LONG_NAME: Final = 3
"""Blanks in it. Dear You株式会社, Your Gift Japan and Money Now are names."""
_THREATS: Final = re.compile(
    "未納|滞納|延滞|督促|差し?押|逮捕|訴訟|訴え|告訴|裁判に|強制執行|法的措置|失効|期限切れ|退会|解約|再配達|ウイルスに"
)
"""No company or person is called so, and of the departments only such as end as departments do."""
_TOLD: Final = re.compile(
    f"{_DID}|て(?:い|おり)ます|[さらわかが]れます|ていません|ませんでした"
    "|(?:から|より)の? ?(?:お知らせ|ご?通知|ご?連絡|お願い|警告|ご?案内)$"
)
_HINT: Final = re.compile("[階口隣横前側裏棟室]|向か|表札|移転|看板|目印|受付|ロビー|エントランス|インター[ホフ]")
"""On the way to a building: 警察署の隣に移りました tells a visitor where to go."""
_SENTENCE_FOR_NAME: Final = re.compile(rf"[がはも][^ ]{{0,20}}(?:{_POLITE})")
"""In an address it may be a hint: 入口は裏手です."""
_OBJECT: Final = re.compile("[一-龠ァ-ヶーれ](?:が|を|は)[一-龠ァ-ヶぁ-ん]")
_CALLS: Final = frozenset("!?。")
_URGES: Final = re.compile("[0-9]円|万円|至急|すぐ|当選(?!者)|おめでとう|稼|儲")
_MANY_LURES: Final = 3
_HIRAGANA: Final = re.compile("[ぁ-ん]")
_KANA_OF_PROSE: Final = 24
"""Hiragana in one field. Names have a few; a text without a single lure is still a text."""


def tells(text: str) -> bool:
    """Whether *text*, folded by NFKC and case, carries a message in words."""
    if len(_HIRAGANA.findall(text)) >= _KANA_OF_PROSE or (_TOLD.search(text) and not _HINT.search(text)):
        return True
    lures = {*_LURES.findall(text), *_PRICE.findall(text)}
    threatens = _THREATS.search(text) is not None
    if not (lures or threatens):
        return False
    is_called = not _CALLS.isdisjoint(text)
    if _SENTENCE.search(text) or (is_called and len(lures) > 1):
        return True
    if _TO_YOU.search(text) and (len(lures) > 1 or text.count(" ") >= _LONG_NAME):
        return True
    is_unit = _UNIT.search(text) and not is_called and not _URGES.search(text)
    return (threatens or len(lures) >= _MANY_LURES) and not is_unit


def is_sentence(name: str) -> bool:
    """Whether *name*, of a company, a department or a person and folded alike, is a sentence."""
    if not _HIRAGANA.search(name):
        return False
    if _SENTENCE_FOR_NAME.search(name):
        return True
    return bool(_OBJECT.search(name) and _LURES.search(name) and not _UNIT.search(name))
