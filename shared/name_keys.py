"""How names of companies and people are written alike, for comparing: 旧字, ㈱, width and kana make no difference.

Whatever is searched and whatever is asked for go through the same functions. What comes out is never shown.
"""

import re
import unicodedata
from typing import Final

from shared.kanji_forms import usual_form

_FORMS: Final = (
    *("株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "相互会社"),
    *("かぶしきがいしゃ", "カブシキガイシャ", "ゆうげんがいしゃ", "ユウゲンガイシャ"),
    *("一般社団法人", "公益社団法人", "一般財団法人", "公益財団法人", "社団法人", "財団法人", "特定非営利活動法人"),
    *("npo法人", "社会福祉法人", "医療法人社団", "医療法人財団", "医療法人", "学校法人", "宗教法人", "独立行政法人"),
    *("国立大学法人", "弁護士法人", "税理士法人", "行政書士法人", "司法書士法人", "社会保険労務士法人", "監査法人"),
)
_SHORT_FORMS: Final = "株|有|同|資|名|相|一社|公社|一財|公財|社|財|特非|福|社福|医|学|宗|独|弁|税|行|司|労"
_JAPANESE_FORM: Final = re.compile(rf"{'|'.join(sorted(_FORMS, key=len, reverse=True))}|\((?:{_SHORT_FORMS})\)")
_ENGLISH_FORM: Final = re.compile(
    r"(?<![a-z])(?:co[., ]*ltd|ltd|limited|inc|incorporated|corp|corporation|k\. ?k|kk|llc|g\. ?k)[. ]*$"
)
_BLANKS: Final = re.compile(r"\s+")
_LIKE_KANA: Final = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖゐゑぢづ", "あいうえおつやゆよわかけいえじず")
"""キヤノン and シヤチハタ are written with large kana and said with small ones; ヱ and ヰ sound as エ and イ."""
_HIRAGANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_LIKE_KANJI: Final = str.maketrans("斉薗穐曻", "斎園秋昇")
"""Names of people that are mistaken for each other at the telephone, beyond the old forms: 斉藤 and 斎藤."""
_LONG_VOWEL: Final = "ー"
_LATIN_WITH_MARKS: Final = re.compile("[\u00c0-\u024f]")


def name_key(text: str) -> str:
    """A name of a company or a person without its legal form; with it, when there is nothing else."""
    return _folded(_JAPANESE_FORM.sub("", _without_english_form(text))) or whole_name_key(text)


def whole_name_key(text: str) -> str:
    """As `name_key`, with the legal form in full or short as it is written."""
    return _folded(_BLANKS.sub("", _usual(text)))


def narrow(text: str) -> str:
    """*text* in one width and in small letters, with nothing around it."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _usual(text: str) -> str:
    return usual_form(narrow(text))


def _without_english_form(text: str) -> str:
    return _BLANKS.sub("", _ENGLISH_FORM.sub("", _usual(text)))


def _folded(text: str) -> str:
    """Letters and figures only: hyphens, dots, brackets and long vowels are written in any way or left out."""
    plain = _LATIN_WITH_MARKS.sub(lambda found: unicodedata.normalize("NFD", found[0])[0], text)
    alike = plain.translate(_HIRAGANA).translate(_LIKE_KANA).translate(_LIKE_KANJI)
    return "".join(char for char in alike if char.isalnum() and char != _LONG_VOWEL)
