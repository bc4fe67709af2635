"""Whether what was typed as a company or a person looks like a name.

Apart from `names`, which makes the lines of a letter, because this is a matter of writing only: of scripts, endings and
legal forms. What looks like a name is said, and not what a message looks like: no list of messages is ever complete.
Some names do not look like one (SHIBUYA109, taro yamada); who bears it is greeted without, which harms nobody.
"""

import re
import unicodedata
from typing import Final

_LONGEST_TEXT: Final = 60
_MOST_HIRAGANA: Final = 20
"""Names have a few; more is a sentence."""
_HIRAGANA: Final = re.compile("[ぁ-ん]")
_NO_NAME: Final = re.compile(
    # What a mail program makes a link of, a telephone number, a sentence, a finger that points somewhere, a lure.
    r"//|www\.|@|\w ?\.(?!(?:(?<= p[tv][ety]\.)|(?<=[ )]co\.))ltd(?![a-z]))[a-z]{2}| \. "
    r"|[0-9](?:[ ().,/\u00b7\u2010-\u2015\u2212\u30fb\u30fc-]{0,3}[0-9]){6}|[。?→⇒►▶☞👉]"
    # A name to look for elsewhere (evil888, evil_x, Teams ID), or where to write to (Signalで相談).
    r"|[^a-z]!|[a-z0-9]_| [a-z]{3,20}[0-9]{2}|(?<![a-z0-9])id(?:[ :=は]|$)|[a-z] ?で|(?:連絡|追加)$"
    # A telephone number in words.
    r"|(?:ゼロ|レイ|イチ|ニ|サン|ヨン|ゴ|ロク|ナナ|シチ|ハチ|キュウ|キュー|ー){7}"
    # ますだ and やました are names.
    r"|です|\w[しきりいれえけせべめて](?:ます|ました)|ません|ください|下さい|ましょう"
    r"|おめでとう|当選|無料|クリック|検索|congratulat|winner|click here"
)

_KANJI: Final = "\u3400-\u4dbf\u4e00-\u9fff\ufa0e-\ufa29\U00020000-\U000323af々〆\U000e0100-\U000e01ef"
_PERSONS_WORD: Final = re.compile(
    # 山田太郎 or 井ノ原, also with a given name of kana behind it, やました, タロウ, Taro. 死ね has one kana.
    rf"(?:[{_KANJI}](?:[のノヶケがつツ]?[{_KANJI}]){{0,6}}(?:[ぁ-ゖー]{{2,5}})?|[ぁ-ゖー]{{1,10}}|[ァ-ヺー・]{{1,16}}"
    r"|[A-ZÀ-Þ][A-Za-zÀ-ÿ]{0,15})"
)
_MOST_WORDS: Final = 3
_LONGEST_PERSON: Final = 20
_SHORTEST_PERSON: Final = 2
_MOST_HIRAGANA_OF_PERSON: Final = 10
_NO_PERSON: Final = re.compile(
    # Kanji that hardly a name holds, and the messages do.
    "[殺死爆払欺詐促警告訟訴逮捕罰犯罪害停凍債裁募選抽奖您请联獲料費送電話検索絡録滞換返券険請給者限査]"
    f"|[{_KANJI}](?:しろ|せよ|する|した|って|して|れる|える|ない|だよ)$"
    "|を|(?:ぞ|せよ|よこせ|くれ|やる|する|して|ってね?|します|よろしく|おねがい)$"
    rf"|[A-Za-z] ?[{_KANJI}ぁ-ヺ]|[{_KANJI}ぁ-ヺ] ?[A-Za-z]"
)
_COMPANYS_FORM: Final = re.compile(
    rf"(?:^| )(?:(?:株式|有限|合同|合資|合名|相互)会社|\([株有同資名社財医学福]\)|[{_KANJI}]{{0,12}}法人(?:社団|財団)?)"
    rf"|(?:(?:株式|有限|合同|合資|合名|相互)会社|\([株有同資名社財医学福]\)|[{_KANJI}]{{2,4}}法人)(?=$| )"
    r"|(?:^|(?<=[ )]))K\.?K\.?(?=$| )|(?<![A-Za-z])(?:Co\.?,? ?Ltd|Ltd|Inc|Corp|L\.?L\.?C|K\.K)\.?(?=$| )",
    re.IGNORECASE,
)
"""At the beginning or at the end, where the law and usage put it."""
_ORGANISATION: Final = re.compile(
    "(?:組合|協会|協議会|連盟|連合会|財団|機構|病院|医院|診療所|クリニック|歯科|薬局|大学|大学院|学園|学院|学校|高校"
    "|幼稚園|保育園|こども園|事務所|研究所|製作所|工務店|商店|商会|商事|酒造|工業|建設|銀行|信用金庫|(?:市|区)役所"
    "|役場|[県府都道]庁|神社|寺|ホールディングス|ホテル|旅館)$"
)
_PART: Final = re.compile("(?:部|課|係|室|局|店|支社|本社|工場|営業所|センター|会|グループ)$")
"""Of a company or an authority. Two other words in one field are a text."""
_COMPANYS_LETTERS: Final = re.compile(rf"[{_KANJI}ぁ-ゖァ-ヺー・A-Za-zÀ-ÿ0-9&'’.,()\u2010 -]{{2,40}}")
_LATIN: Final = re.compile(r"[A-Z0-9À-Þ&(][A-Za-z0-9À-ÿ&'’.,()\u2010-]*|of|and|for|de")
_MOST_HIRAGANA_OF_COMPANY: Final = 12
_NO_COMPANY: Final = re.compile(
    # What a sentence has and a name has not: を, a verb or a particle at the end, Latin words without capitals.
    rf"を|[0-9]{{3}}|,(?! ?(?:Co|Ltd|Inc|LLC|L\.L\.C))|[a-z]・[a-z]|[A-Za-z] (?!(?:of|and|for|de) )[a-z]"
    rf"|(?:ぞ|しろ|せよ|払え|する|って|ってね|して|ない|やる|よろしく|まで|へ|だ"
    rf"|[{_KANJI}](?:[えけせてねれ]|える|れる)|[{_KANJI}ァ-ヺ]した)"
    r"(?:$|[ (]|(?:株式|有限)会社)"
    "|[殺死爆奖您请联様]|[予警]告|督促|未[納払]|詐欺|募集|融資|給付|進呈|抽選|期限|バイト|お(?:知らせ|ねがい|願い)"
)


def is_person(text: str) -> bool:
    """Whether *text*, without a title, looks like the name of a person."""
    folded = unicodedata.normalize("NFKC", text)
    words = folded.split(" ")
    return (
        _SHORTEST_PERSON <= len(folded) <= _LONGEST_PERSON
        and len(words) <= _MOST_WORDS
        and len(_HIRAGANA.findall(folded)) <= _MOST_HIRAGANA_OF_PERSON
        and all(_PERSONS_WORD.fullmatch(word) for word in words)
        and not _NO_PERSON.search(folded)
        # NFKC makes kanji of ㊀.
        and all(unicodedata.category(letter)[0] in "LMPZ" for letter in text)
        and is_short_text(text)
    )


def is_company(text: str) -> bool:
    """Whether *text*, without a title, bears the form of a company or an organisation, and is no sentence."""
    folded = unicodedata.normalize("NFKC", text)
    if not _COMPANYS_LETTERS.fullmatch(folded) or _NO_COMPANY.search(folded) or not is_short_text(text):
        return False
    words = _COMPANYS_FORM.sub(" ", folded).split()
    has_form = _COMPANYS_FORM.search(folded) or any(_ORGANISATION.search(word) for word in words)
    free = [word for word in words if not (_ORGANISATION.search(word) or _PART.search(word) or _LATIN.fullmatch(word))]
    is_brief = len(_HIRAGANA.findall(folded)) <= _MOST_HIRAGANA_OF_COMPANY
    return bool(has_form) and len(free) <= 1 and is_brief


def is_short_text(text: str) -> bool:
    """Whether *text* may stand in the subject of a mail to staff: short, and no address, number or sentence."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return (
        0 < len(text) <= _LONGEST_TEXT
        and len(_HIRAGANA.findall(folded)) <= _MOST_HIRAGANA
        and _NO_NAME.search(folded) is None
    )
