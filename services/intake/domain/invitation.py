r"""Whether a text invites its reader to a messenger: a part of `advertisement`, which has no room for the words.

Between kanji or kana and a Latin letter `\b` finds no boundary: to it 公式LINE追加 is one word. What may stand beside
a Latin word is therefore said by the letters and figures that may not.
A name of a messenger alone is a business (LINEヤフー株式会社, LINE運用担当), so something to follow must stand behind.
"""

import re
from typing import Final

_APPS: Final = (
    r"(?:(?:(?<![a-z0-9])(?:l[il1|]ne|telegram|whats ?app|we ?chat|kakao(?: ?talk)?|viber|skype|discord|instagram|insta"
    r"|tik ?tok|twitter|facebook|messenger|zalo|qq|tg|vx|ig))"
    r"|(?<![ァ-ヶー])(?:ライン|テレグラム?|ワッツアップ|ウィーチャット|カカオトーク|カカオ|カカトーク|バイバー|スカイプ"
    r"|ディスコード|インスタグラム|インスタ|ティックトック|ツイッター|フェイスブック)|(?<![ぁ-ん])らいん|微信|薇信|v信|飛機|飞机|扣扣)"
)
_MEMBERS: Final = r"(?:友だち|友達|ともだち|お友達|お友だち)"
_NOT_A_TASK: Final = (
    r"(?!(?:アカウント)?の?(?:運用|運営|担当|事業|推進|開発|管理|構築|支援|制作|企画|工事|設備|装置|生産"
    r"|課|部|室|係))"
)
"""LINE公式アカウント運用部 and 生産ライン追加工事課 are departments."""
_INVITATION: Final = re.compile(
    rf"{_APPS}(?: ?の? ?(?:[@;=\u2190-\u21ff\u27a1]|:(?!labo)|(?:サーバー ?)?(?:id(?![a-z0-9])|招待|参加)"
    r"|アイディー|あいでぃー"
    rf"|(?:追加|公式|登録){_NOT_A_TASK}|アカウント ?(?:は|:|→)|{_MEMBERS}|検索|交換|追って|番号|号|群|搜索|添加"
    r"|フォロー(?!アップ)|は?こちら|グループ(?:参加|招待|に|へ)"
    r"|[でにへ](?:$|お?友|検索|追加|登録|ご?連絡|ご?相談|参加|メッセージ)"
    r"|から(?:登録|ご?連絡|追加)|まで(?:$| |ご?連絡|どうぞ)|dm(?![a-z0-9])|qr)"
    # LINE evil888: a name with figures, which is no word.
    r"| ?[a-z]{2,20}[._#-]?[0-9]{2}| ?[a-z]{2,20}_[a-z0-9]| ?\+?[0-9]{5})"
    r"|公式 ?(?:line(?![a-z0-9])|ライン)(?: ?(?:[a-z0-9@:]|$|で|に|へ|から|はこちら|追))"
    r"|(?<![a-z0-9])(?:id|アイディー) ?(?:は|:|=|→) ?@?[a-z0-9_]{4}|(?<![a-z0-9])id検索"
    r"|@[a-z0-9]{0,30}[_0-9][a-z0-9_]|(?:フォロー|追加|検索|follow|add|dm|で) ?(?:は|:|→)? ?@[a-z]"
    r"|(?<=[a-z0-9_]{4})(?:を| ?で)検索|加(?:微信|qq|v|薇|我(?:微信|qq|v))"
    r"|(?:オープンチャット|オプチャ)(?:参加|に|へ|で)"
    rf"|{_MEMBERS} ?(?:追加|登録|募集|になって)|チャンネル登録(?:お願い|して|よろしく|はこちら)"
    r"|qr ?(?:から|を|で)?(?:登録|読|追加)"
    r"|(?:qr|二次元|バー) ?コード ?(?:を|から|で|にて|よみ|読|こちら|はこちら|スキャン|参照)"
    r"|(?<![a-z0-9])dm ?(?:ください|下さい|して|まで|で(?!は)|へ|待|お待ち)|フォロー(?:して|お願い|よろしく|待)"
    r"|プロフ(?:ィール)?(?:見て|みて|を見|のリンク|リンク)"
)
_MAY_INVITE: Final = re.compile(
    "ライン|らいん|テレグラ|ワッツ|ウィーチ|カカ|バイバー|スカイプ|ディスコ|インスタ|ティック|ツイッ|フェイス|微信|薇信|友達"
    "|友だち|ともだち|コード|フォロー|プロフ|チャンネル|アイディー|あいでぃー|オープンチャ|オプチャ|飛機|飞机|扣扣"
)
"""One of them is in every invitation without a Latin letter. Most names have neither."""
_LATIN: Final = re.compile("[a-z@]")


def invites(text: str) -> bool:
    """Whether *text*, folded by NFKC and case, names something to follow, to add or to write to elsewhere."""
    return bool((_LATIN.search(text) or _MAY_INVITE.search(text)) and _INVITATION.search(text))
