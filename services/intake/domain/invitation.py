r"""Whether a text invites its reader to go on elsewhere: in a messenger, or at an account.

Messengers come and go, so what is looked for first needs none: a name with figures beside ID, 追加 or 検索, or an
ending such as で連絡. Only what is weaker (LINE公式, LINE:evil) needs a messenger that we know.
Between kanji or kana and a Latin letter `\b` finds no boundary: to it 公式LINE追加 is one word. What may stand beside
a Latin word is therefore said by the letters and figures that may not.
A name of a messenger alone is a business (LINEヤフー株式会社, LINE運用担当), so something to follow must stand behind.
"""

import re
from functools import cache
from typing import Final

from services.intake.domain.lure import UNITS

_APPS: Final = (
    r"(?:(?:(?<![a-z0-9])(?:l[il1|]ne|telegram|whats ?app|we ?chat|kakao(?: ?talk)?|viber|skype|discord|instagram|insta"
    r"|tik ?tok|twitter|facebook|messenger|zalo|qq|tg|vx|ig|signal|threads|snapchat|slack|teams|zoom|chatwork))"
    r"|(?<![ァ-ヶー])(?:ライン|テレグラム?|ワッツアップ|ウィーチャット|カカオトーク|カカオ|カカトーク|バイバー|スカイプ"
    r"|ディスコード|インスタグラム|インスタ|ティックトック|ツイッター|フェイスブック)|(?<![ぁ-ん])らいん|微信|薇信|v信|飛機|飞机|扣扣)"
)
_MEMBERS: Final = r"(?:お?(?:友だち|友達|ともだち))"
_NO_UNIT: Final = rf"(?![ァ-ヶー一-龠々a-z・&のだち]{{0,20}}(?:{UNITS})[)」]?(?:$| ))"
"""LINE公式アカウント運用部, 生産ライン追加工事課 and 木曽川ライン検索部 are departments."""
_HANDLE: Final = r"(?:(?!no[.0-9])[a-z]{3,20}[._#-]?[0-9]{2}|[a-z0-9]{1,20}_[a-z0-9]|@[a-z0-9_]{2})"
"""evil888: a name with figures, which is no word."""
_TO_DO: Final = (
    rf"(?:ご|お)?(?:連絡|相談|登録|検索|追加|参加|招待|フォロー|メッセージ|問い?合わ?せ|{_MEMBERS}|dm)"
    r"(?:$|[ 。!♪]|中$|を|して|し?[てに]い?[まおる]|お?願い|ください|下さい|どうぞ)"
)
_ANYWHERE: Final = re.compile(
    # Ideal21 and Address21 are names: behind a Latin word something must stand between.
    rf"(?:(?<![a-z0-9])(?:id|dm|follow|add|me|account|contact|search)(?: ?[:;=は→] ?|[をに ])"
    rf"|(?:アイディー|アカウント(?:名|id)?|連絡先?|追加|検索|フォロー|招待|{_MEMBERS})(?: ?[:;=は→] ?|[をに ]|))"
    rf"{_HANDLE}"
    rf"|{_HANDLE}[a-z0-9_]{{0,20}}(?:さん)? ?(?:を|で|に|へ|まで|は|宛に?)? ?"
    rf"(?:id(?![a-z0-9])|ご?連絡|検索|追加|招待|交換|フォロー|{_MEMBERS}|dm)"
    r"|[a-z]{2} id ?(?:$|[:;=は→])"
    # アフターフォロー, LED交換, データ追加 and オプション追加 are what departments do.
    r"|[a-z0-9_ァ-ヶ](?<!ータ)(?<!ョン) ?追加$|(?:フォロー|友達)募集$"
)
"""Whatever the messenger."""
_WRITE: Final = re.compile(
    r"[a-z0-9_ァ-ヶー](?<!オンライン) ?(?:での?|にて|から|まで|へ|に)"
    rf" ?(?:{_TO_DO}|お?待(?:って|ち))"
)
"""Whatever the messenger; but インターフォンで連絡 and 内線101へご連絡ください in an address are hints for visitors."""
_INVITATION: Final = (
    rf"{_APPS}(?: ?の? ?(?:[@;=\u2190-\u21ff\u27a1]|:(?!labo)|(?:サーバー ?)?(?:id(?![a-z0-9])|招待|参加){_NO_UNIT}"
    r"|アイディー|あいでぃー"
    rf"|(?:追加|公式|登録|検索|交換|フォロー|{_MEMBERS}){_NO_UNIT}|アカウント ?(?:は|:|→)|追って|番号|号|群|搜索|添加"
    r"|は?こちら|グループ(?:参加|招待|に|へ)"
    r"|[でにへ](?:$|お?友|検索|追加|登録|ご?連絡|ご?相談|参加|メッセージ)"
    rf"|から(?:登録|ご?連絡|追加)|まで(?:$| |ご?連絡|どうぞ)|(?:dm|qr)(?![a-z0-9]){_NO_UNIT}| me(?![a-z0-9]))"
    rf"| ?{_HANDLE}| ?[a-z]{{2}}[._#-]?[0-9]{{2}}| ?\+?[0-9]{{5}})"
    rf"|(?<![a-z])(?:me|us|find|add|join|message|contact|chat|follow)(?![a-z])[a-z0-9 ]{{0,40}} on {_APPS}"
    r"|公式 ?(?:line(?![a-z0-9])|ライン)(?: ?(?:[a-z0-9@:]|$|で|に|へ|から|はこちら|追))"
    rf"|(?<![a-z0-9])(?:id|アイディー) ?(?:は|:|=|→) ?@?[a-z0-9_]{{4}}|(?<![a-z0-9])id検索{_NO_UNIT}"
    r"|@[a-z0-9]{0,30}[_0-9][a-z0-9_]|(?:フォロー|追加|検索|follow|add|dm|で) ?(?:は|:|→)? ?@[a-z]"
    r"|(?<=[a-z0-9_]{4})(?:を| ?で)検索|加(?:微信|qq|v|薇|我(?:微信|qq|v))"
    r"|(?:オープンチャット|オプチャ)(?:参加|に|へ|で)"
    rf"|{_MEMBERS} ?(?:追加|登録|募集|になって){_NO_UNIT}|チャンネル登録(?:お願い|して|よろしく|はこちら)"
    r"|qr ?(?:から|を|で)?(?:登録|読|追加)"
    r"|(?:qr|二次元|バー) ?コード ?(?:を|から|で|にて|よみ|読|こちら|はこちら|スキャン|参照)"
    r"|(?<![a-z0-9])dm ?(?:ください|下さい|して|まで|で(?!は)|へ|待|お待ち)|フォロー(?:して|お願い|よろしく|待)"
    r"|[:→](?<=[a-z]{3}[:→]) ?@?[a-z]{4,20}[._-]?[0-9]{2}|プロフ(?:ィール)?(?:見て|みて|を見|のリンク|リンク)"
)
_MAY_INVITE: Final = re.compile(
    "ライン|らいん|テレグラ|ワッツ|ウィーチ|カカ|バイバー|スカイプ|ディスコ|インスタ|ティック|ツイッ|フェイス|微信|薇信"
    "|友達|友だち|ともだち|コード|フォロー|プロフ|チャンネル|アイディー|あいでぃー|オープンチャ|オプチャ|飛機|飞机|扣扣"
)
"""One of them is in every invitation without a Latin letter. Most names have neither."""
_LATIN: Final = re.compile("[a-z@]")
_CONTACT: Final = re.compile(
    "連絡|相談|登録|検索|追加|参加|招待|交換|フォロー|アカウント|アイディー|メッセージ|合わ?せ|待|友だち|友達|ともだち"
    "|id|dm|follow|add|account|contact|search"
)


def invites(text: str) -> bool:
    """Whether *text*, folded by NFKC and case, names something to follow, to add or to write to elsewhere."""
    if _CONTACT.search(text) and _ANYWHERE.search(text):
        return True
    return bool((_LATIN.search(text) or _MAY_INVITE.search(text)) and _invitation().search(text))


@cache
def _invitation() -> re.Pattern[str]:
    """Compiled when the first text needs it: that takes as long as all other patterns of intake together."""
    return re.compile(_INVITATION)


def asks_to_write(name: str) -> bool:
    """Whether *name*, of a company, a department or a person and folded alike, says where to write or to register."""
    return _CONTACT.search(name) is not None and _WRITE.search(name) is not None
