"""What customers have typed, or could, that once cost a paper, or a part of it; each with what is printed for it."""

from collections.abc import Callable, Mapping
from typing import Final

from hypothesis import strategies as st

from shared.glyphs import read_glyphs
from shared.products.documents import FONTS

GLYPHS: Final = read_glyphs(FONTS)

SENT_AND_PRINTED: Final = {
    "keycap emoji": ("1️⃣山田", "〓山田"),
    "keycap without its selector": ("山1⃣田", "山〓田"),
    "family of emoji": ("山田👩‍👩‍👧商事", "山田〓商事"),
    "flags": ("🇯🇵🇺🇸商事", "〓〓商事"),
    "flag of tags": ("山田🏴󠁧󠁢󠁥󠁮󠁧󠁿", "山田〓"),
    "skin tone": ("👍🏽山田", "〓山田"),
    "text with a selector for emoji": ("©️山田", "©山田"),
    "known variant of an ideograph": ("葛\U000e0100飾", "葛\U000e0100飾"),
    "unknown variant of an ideograph": ("葛\U000e01ef飾", "葛飾"),
    "standardised variant": ("神\ufe00田", "神\ufe00田"),
    "storm of accents": ("e" + "\u0301" * 60 + "x", "〓x"),
    "storm of marks that the fonts lack": ("e" + "\u0353" * 60 + "x", "〓x"),
    "turned around": ("見本\u202e商会\u202c", "見本商会"),
    "isolates": ("見本\u2067商会\u2069", "見本商会"),
    "private use": ("見本\ue000商会\U00100000", "見本〓商会〓"),
    "noncharacters": ("見本\uffff商会\ufdd0", "見本〓商会〓"),
    "lone surrogate": ("見本\ud842商会", "見本〓商会"),
    "unassigned": ("見本\u0378商会", "見本〓商会"),
    "object replacement": ("見本\ufffc商会\ufffd", "見本〓商会〓"),
    "tags alone": ("見本\U000e0041商会", "見本商会"),
    "music and mathematics": ("𝄞見本𝐀", "〓見本〓"),
    "ideographs of the extensions": ("𠮷\U0002a6de\U0002b740\U00030000\U00031350", "𠮷〓〓〓〓"),
    "nearly equal, which the fonts lack": ("被害額≒100万円", "被害額≈100万円"),
    "which box is ticked": ("☑はい ☐いいえ ☑\ufe0f済 ✅済 ✔済 ✗未 ❌未 ✕ ⭕", "■はい□いいえ■済✓済✓済×未×未×○"),
    "other scripts": ("한국 ไทย हिन्दी", "〓〓〓〓〓〓〓"),
    "letters of Europe": ("Škoda Łódź Đorđe Søren İstanbul ȚâșcĂ", "ŠkodaŁódźĐorđeSørenİstanbulȚâșcĂ"),
    "letters of Vietnam": ("Nguyễn Thị Hường", "NguyễnThịHường"),
    "letters of Europe with marks of their own": ("S\u030ckoda x\u030c a\u0328\u0301", "Škodax\u030cą\u0301"),
    "Greek and Cyrillic": ("Μαρία Άννα Ђорђе Єва Іван ё", "ΜαρίαΆνναЂорђеЄваІванё"),
    "from right to left": ("محمد דוד", "〓〓〓〓〓〓〓"),
    "joined by invisible signs": ("見\u200d本\u200b商\u2060会\ufeff", "見本商会"),
    "fillers": ("見\u3164本\u115f", "見本"),
    "control characters": ("見\x00本\x07\x7f\x1b", "見本"),
    "interlinear annotation": ("\ufff9見本\ufffaみほん\ufffb", "見本みほん"),
    "accents as characters of their own": ("e\u0301か\u3099", "éが"),
    "old line ends": ("見\r\n本\x0b商\x0c会\x85株\u2028式\u2029", "見本商会株式"),
    "rare blanks": ("見\u1680本\u202f商\u3000会", "見本商会"),
    "100 letters": ("W" * 100, "W" * 100),
    "2,000 times one letter": ("x" * 2000, "x" * 2000),
    "long vowels": ("見本" + "ー" * 300, "見本" + "ー" * 300),
    "opening brackets": ("「" * 300, "「" * 300),
    "commas": ("、" * 300, "、" * 300),
    "no blank may break": ("ab\u00a0" * 200, "ab" * 200),
    "wide dashes": ("\u2e3b" * 60, "\u2e3b" * 60),
    "variants in a row": ("葛\U000e0100" * 100, "葛\U000e0100" * 100),
    "rare ideographs": ("".join(map(chr, range(0x30000, 0x30000 + 700))), "〓" * 700),
    "80 lines": ("\n".join(f"{n}行目です" for n in range(80)), "".join(f"{n}行目です" for n in range(80))),
    "markup": ('*山田* #read("product.yaml") $x$ \\ [商事] <a>', '*山田*#read("product.yaml")$x$\\[商事]<a>'),
}

_POOLS: Final = (
    st.characters(),
    st.characters(codec="ascii"),
    st.characters(min_codepoint=0x3000, max_codepoint=0x30FF),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0xFF00, max_codepoint=0xFFFF),
    st.characters(min_codepoint=0x2000, max_codepoint=0x2FFF),
    st.characters(min_codepoint=0x1F000, max_codepoint=0x1FAFF),
    st.characters(min_codepoint=0x20000, max_codepoint=0x323AF),
    st.sampled_from(
        ["\u200d", "\ufe0f", "\u20e3", "\U000e0100", "\u202e", "\u0301", "\u3099", "\n", "ー", "\U0001f3fd"]
    ),
)
RANDOM_TEXTS: Final = st.one_of(
    st.text(st.one_of(*_POOLS), max_size=60),
    st.text(_POOLS[1], max_size=200),
    st.builds(lambda sign, times: sign * times, st.one_of(*_POOLS), st.integers(1, 300)),
)


def _some(signs: str, number: int, count: int) -> str:
    """*count* of *signs*, from another place on for each *number*."""
    return (signs * (count + number + 1))[number : number + count]


_OLD: Final = "髙﨑濵邉邊齋齊斎桒槗栁冨嶋嵜廣澤櫻龍瀧眞壽惠德增黑曻渕籔舘靏鷗"
_TURNS: Final = "\u202e\u2067\u202b\u200f"
_MARKS: Final = "\u0300\u0301\u0302\u0308\u0327\u0328\u3099\u309a"
_KINDS: Final[Mapping[str, Callable[[int], str]]] = {
    "old forms": lambda n: "株式会社" + _some(_OLD, n, 4) + "商店",
    "yoshi": lambda n: _some("𠮷𠮟𡈽𡌛𣑥𥔎𥒎𦥑𩸽𪘂", n, 3) + "野家",
    "variants": lambda n: "".join(f"{sign}{chr(0xE0100 + n % 4)}" for sign in "葛辻祇榊飴"[: 1 + n % 5]) + "飾",
    "unknown variants": lambda n: f"邉{chr(0xE0110 + n)}製作所",
    "emoji": lambda n: f"山田{_some('😀🦊🏢🎌🗾☎', n, 2)}商事",
    "joined emoji": lambda n: f"👩‍{'👩‍' * (n % 3)}👧商事{chr(0x1F3FB + n % 5)}",
    "sixty characters": lambda n: _some("長名前製作所株式会社", n, 59),
    "sixty that break nowhere": lambda n: _some("WMQO@%", n, 59),
    "sixty in Latin": lambda n: _some("International Holdings ", n, 59),
    "a hundred without a blank": lambda n: _some("ーっ、。」ゃ々ァ", n, 99),
    "combining marks": lambda n: "".join(f"{sign}{_some(_MARKS, n, 1 + n % 3)}" for sign in "eaかはN"),
    "storms of marks": lambda n: f"e{_some(_MARKS, n, 10 + 5 * n)}x商会",
    "turned around": lambda n: f"見本{_some(_TURNS, n, 1)}abc 123\u202c\u2069商会",
    "from right to left": lambda n: f"{_some('שלוםمحمد', n, 4)} Trading",
    "halfwidth kana": lambda n: f"ｶﾌﾞｼｷｶﾞｲｼﾔ{_some('ｱﾊﾞｯｸｽﾞﾊﾟﾋﾟ', n, 8)}",
    "fullwidth": lambda n: f"ＡＢＣ{_some('＆．－１２３ａｂ', n, 6)}㈱№{chr(0x2460 + n)}",
    "private use": lambda n: f"見本{chr(0xE000 + n)}商会{chr(0xF0000 + n)}",
    "letters of elsewhere": lambda n: _some("ŠkodaŁódźNguyễnThịΜαρίαЂорђеİâşĐøß", n, 12),
    "scripts of elsewhere": lambda n: _some("한국회사ไทยहिन्दी们东", n, 6) + "ジャパン",
    "rare ideographs": lambda n: chr(0x2A700 + 97 * n) + chr(0x30000 + 97 * n) + "村",
}
"""Kinds of names that papers were, or could be, broken by; each gives as many names as it is asked for."""
FUZZED_NAMES: Final = tuple(f"{name(number)}{number}" for name in _KINDS.values() for number in range(10))
"""200 names, always the same, those of one kind beside each other."""
