"""Whether a name or an address is used to carry a message to somebody else's mailbox.

What is typed as company or person is repeated in a mail that the agency sends to an address which nobody has
confirmed. It is looked at as a reader and a mail program would see it: in one width, without blanks around the dots.
A false alarm only makes the mails wait until staff have looked, but it must be rare: 価格.com and Yahoo! JAPAN are
names. So is booking.com Japan株式会社, but a mail program would make a link of it, so staff look.
Where another medium is named to go on in, `services.intake.domain.invitation` says.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from services.intake.domain.invitation import invites

_ENDINGS: Final = (
    "com|net|org|info|biz|jp|tokyo|xyz|top|site|online|shop|store|club|app|dev|page|web|live|life|link|click|vip|icu|pro"
    "|work|space|website|fun|mobi|asia|ru|cn|tk|ga|ml|cf|pw|su|buzz|cyou|cfd|sbs|bond|rest|lol|win|bid|loan|men|date"
)
_COUNTRIES: Final = (
    "io|co|me|to|tv|cc|ly|gg|de|fr|eu|us|uk|kr|tw|in|nl|br|pl|ch|se|ca|au|vn|th|ph|hk|sg|ir|kz|ua|za|mx|gr|cz|ro|at"
)
"""Names such as Mihon.Co.,Ltd. end alike, so they count only behind three letters or more and before a blank."""
_MAILBOXES: Final = "gmail|yahoo|outlook|hotmail|icloud|docomo|ezweb|softbank"
_ADDRESS: Final = re.compile(
    r"h(?:tt|xx|\*\*)ps?\W{0,4}[:/]|[a-z]{2,9}://|(?<![a-z0-9])www\.[a-z0-9]|[a-z0-9]@[a-z0-9-]{1,63}\.[a-z]"
    # A name with an ending that programs make a link of; asp.net and its like are products.
    rf"|(?<![a-z0-9-])(?!(?:asp|ado|vb)\.net(?![a-z0-9]))[a-z0-9][a-z0-9-]{{0,62}}\.(?:{_ENDINGS})(?![a-z0-9-])"
    rf"|(?<![a-z0-9-])[a-z0-9-]{{3,63}}\.(?:{_COUNTRIES})(?![a-z0-9.,-])"
    r"|(?<![a-z0-9-])[a-z0-9-]{1,63}\.(?:co|com|org|net|ac|ne|or|go)\.[a-z]{2}(?![a-z0-9-])"
    rf"|(?:@|アット(?:マーク)? ?|(?<= )at )(?:{_MAILBOXES})|(?<![a-z0-9:/])//[a-z]|<[a-z/]|\]\(|javascript:|mailto:"
    # Any other ending with a path behind it.
    r"|[a-z0-9][a-z0-9-]{0,62}\.[a-z]{2,12}(?::[0-9]{2,5})?/[a-z0-9?#+@_-]"
    r"|[a-z0-9\u3040-\u30ff\u4e00-\u9fff]\.[a-z]{2,12}/[a-z0-9?#+@_-]"
    # Behind kanji it is a lot: 霞が関3.1.1.201.
    r"|(?<![\w.])[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(?![\w.])"
    r"|[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}[:/]"
)
_OTHER_SCRIPT: Final = re.compile(
    # пример.рф; behind the dot of г.Москва, and of А.С.Пушкин, stands no ending.
    r"(?<=[\u0400-\u052f0-9-]{3})\.[\u0400-\u052f]{2,12}(?![\u0400-\u052f.])"
    r"|(?<=[\w-])\.(?:みんな|コム|ストア|クラウド|ポイント|セール|ファッション|中国|中國|公司|网络|網路|网址|商城|香港|台灣"
    r"|台湾|한국|닷컴|닷넷|ไทย|คอม|भारत|कॉम|рф|рус|онлайн|сайт)(?!\w)"
    r"|(?<=[\u0590-\u08ff]{2})\.[\u0590-\u08ff]{2}|(?<=[\u0900-\u0e7f]{2})\.[\u0900-\u0e7f]{2}"
    r"|(?<=[\uac00-\ud7a3]{2})\.[\uac00-\ud7a3]{2,12}(?!\w)"
)
"""Domains whose ending is not Latin."""
_LOOK_ALIKES: Final = str.maketrans("абвеіјкмнорстухѕԁԛԝһӏαβεικνορτυχ", "abbeijkmhopctyxsdqwhlabeiknoptux")
"""Cyrillic and Greek letters that are drawn as Latin ones."""
_TELEPHONE: Final = re.compile(
    r"(?<![0-9])(?:\+81|0)[0-9() .,/_*:|~の局番\u00b7\u2010-\u2015\u2027\u2212\u2500\u301c\u30fb\u30fc-]{8,20}[0-9]"
)
"""With whatever looks like a hyphen or a dot between its groups."""
_ZERO: Final = re.compile("[0+〇零○◯]")
_KANJI_FIGURES: Final = str.maketrans("〇零○◯一二三四五六七八九壱弐参", "0000123456789123")
_ODD_FIGURE: Final = re.compile("[\u2460-\u24ff\u2776-\u2793\U0001f100-\U0001f10c]")
_DOTS: Final = re.compile(
    r" {0,3}(?:[.。\u00b7\u06d4\u16eb\u2022\u2027\u2219\u22c5\u25cf\u2e31\u2e33\ua4f8\ua78f]"
    r"|[\u30fb,](?=(?:com|net|org|jp|info|biz|xyz|(?:co|ne|or)[.\u30fb,]jp)(?![a-z]))|-dot-"
    r"|[\[({](?:\.|dot|ドット)[\])}]|(?<= )dot(?= )|(?:ドット|どっと|点)(?= ?[a-z]))"
    r"(?=[a-z]| {1,3}(?:com|net|org|jp)(?![a-z0-9])) {0,3}"
    r"|(?<=[a-z0-9]) {1,3}ドット {1,3}(?=[a-z]|コム)|(?<=[a-z0-9]) {1,3}(?=ドットコム(?!\w))"
)
_IN_WORDS: Final = re.compile(r"(?<=\.)(?:ドット)?コム(?!\w)")
_MAY_BE_ADDRESS: Final = re.compile(r"[a-z@<.\u0370-\u0e7f\uac00-\ud7a3]")
"""Most names hold none of this, and need not be looked at further."""
_SPACED_OUT: Final = re.compile(r"(?<![a-z0-9])([a-z0-9]) (?=[a-z0-9](?![a-z0-9])|\.)")
"""e v i l . c o m."""
_ATS: Final = re.compile(r" {0,3}[\[({](?:@|at|アット)[\])}] {0,3}")
_LURES: Final = re.compile(
    "当選|おめでとう|当たり|無料|プレゼント|クリック|タップ|今すぐ|いますぐ|アクセス|こちら|稼げ|稼ぐ|儲か|副業|賞金|高収入"
    "|未払|滞納|至急|緊急|不正利用|利用停止|口座|振込|ログイン|パスワード|暗証番号|本人確認|仮想通貨|ビットコイン"
    "|カジノ|出会い|ギフト|クーポン|キャンペーン|限定|お届け|不在|返金|還付|請求|検索して|[0-9]万?円"
    "|今だけ|半額|セール|特価|差し上げ|支払|更新|ロック|凍結|お知らせ"
    "|congratulat|winner|you won|click|claim|prize|free|gift|bitcoin|crypto|casino|viagra|urgent|verify|password"
    "|suspend|money|parcel|dear|login|log in|hacked|btc|usd|cheap|account"
)
_SENTENCE: Final = re.compile(
    "(?:です|ます|ました|ません|ください|下さい|ましょう|でしょう|おめでとう)(?:[。!、.→?♪★☆ー〜ねよ]|$| )"
    r"|[★☆■◆]{2}|[→⇒➡►▶↓☞👉🎉🎁💰✨⚠]|!{2}|[!?。].{2,40}[!?。]|\$ ?[0-9]"
    r"|(?<![a-z0-9])(?:you|your|here|now|today)(?![a-z0-9])"
)
_LOUD: Final = frozenset("!?。")
_MANY_LURES: Final = 3
_HIRAGANA: Final = re.compile("[ぁ-ん]")
_KANA_OF_PROSE: Final = 24
"""Hiragana in one field. Names have a few; a text without a single lure is still a text."""


def is_advertisement(names: Iterable[str], places: Iterable[str]) -> bool:
    """Whether one of *names* (company, department, person) or *places* (address, building) carries a message."""
    names, places = [_folded(text) for text in names], [_folded(text) for text in places]
    if any(_ZERO.search(text) and _TELEPHONE.search(text.translate(_KANJI_FIGURES)) for text in names):
        return True
    return any(_carries_address(text) or _is_prose(text) for text in (*names, *places))


def _carries_address(text: str) -> bool:
    if not _MAY_BE_ADDRESS.search(text):
        return invites(text)
    latin = _SPACED_OUT.sub(r"\1", text.translate(_LOOK_ALIKES))
    joined = _ATS.sub("@", _IN_WORDS.sub("com", _DOTS.sub(".", latin)))
    return bool(_ADDRESS.search(joined) or invites(latin) or _OTHER_SCRIPT.search(text))


def _is_prose(text: str) -> bool:
    lures = set(_LURES.findall(text))
    is_loud = len(lures) > 1 and not _LOUD.isdisjoint(text)
    if len(lures) >= _MANY_LURES or is_loud or (lures and _SENTENCE.search(text)):
        return True
    return len(_HIRAGANA.findall(text)) >= _KANA_OF_PROSE


def _folded(text: str) -> str:
    # NFKC leaves ❶ and ⓵ as they are.
    plain = _ODD_FIGURE.sub(lambda found: str(unicodedata.digit(found[0], found[0])), text)
    return unicodedata.normalize("NFKC", plain).casefold()
