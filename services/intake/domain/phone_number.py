"""Telephone numbers as people in Japan write them: with 代表, an extension, a second number, TEL in front.

Nothing that could be dialled is refused, and nothing that helps to dial it is lost. Which numbers are in use changes
every month, so only what can be no number at all is refused.
"""

import re
from collections.abc import Iterator
from typing import Final

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    format_number,
    is_possible_number,
    is_valid_number,
    parse,
)

_MOST: Final = 3
"""Numbers in one answer, and notes behind one number."""
_SUBSCRIBER: Final = 8
"""The figures behind 03 and 090."""
_COUNTED: Final = frozenset({"0123456789", "01234567890", "0987654321", "09876543210"})
_SIGNS: Final = "☎☏✆📞📱📲🕾🕿🖀"
_AROUND: Final = f" .:。、※*■□●○◆◇{_SIGNS}"
_OPENING: Final = "【[〔〈《<{「『〖❲⦅"
_CLOSING: Final = "】]〕〉》>}」』〗❳⦆"
_BRACKETS: Final = str.maketrans(_OPENING + _CLOSING, "(" * len(_OPENING) + ")" * len(_CLOSING))
_IN_BRACKETS: Final = re.compile(r"^\(([^()]*|\([^()]*\)[^()]*)\)$")
_LOOSE: Final = re.compile(
    r"(?<=\() | (?=\))|(?<=[0-9)]) (?=[-~〜] ?[0-9(])|(?<=[0-9)][-~〜]) (?=[0-9(])|(?<=[0-9)] [-~〜]) (?=[0-9(])"
    "|(?<=[電携代内直会自連]) (?=[話帯表線通社宅絡])"
)
"""The blanks in ( 代 ), 03 - 1234 - 5678 and 電　話, which part nothing."""
_KANJI: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")
_WITHIN: Final = "(?:[・/,、_|の]|局の?)"
_PARTED: Final = re.compile(
    rf"(?<![0-9-])(0[0-9]{{1,4}})(?: ?{_WITHIN} ?([0-9]{{1,4}}) ?(?:{_WITHIN}|番|-) ?|-([0-9]{{1,4}}) ?{_WITHIN} ?)"
    r"([0-9]{3,4})(?![0-9-])"
)
"""03・1234・5678, 03の1234の5678: what stands between two numbers elsewhere stands within one here."""
_AND_FAX: Final = re.compile("(?:TEL|電話) ?[/・&+,、] ?FAX", re.IGNORECASE)
_BETWEEN: Final = re.compile(
    r"(?<!TEL) ?(?:[/,;|、。・&]|または|又は|もしくは|及び|および|と(?=[(+0-9])|\bor\b|\band\b) ?", re.IGNORECASE
)
_TITLE: Final = (
    "TEL/FAX|代表電話|代表番号|大代表|大代|代表|代|直通電話|直通|直|携帯電話|携帯番号|携帯|MOBILE|会社|本社|支社|自宅|呼出|呼"
    "|緊急|日中|昼間|夜間|平日|共通|担当|総務|受付|フリ[ー-]ダイヤル|IP電話|FAX番号|FAX"
)
_CALL: Final = rf"[{_SIGNS}]|[お御]?電話番号|[お御]?電話|[ご御]?連絡先|TEL|PHONE|T[ .:]"
_FRONT: Final = re.compile(rf"[(\[]?({_TITLE}|{_CALL})[)\]]?[ :.]*", re.IGNORECASE)
_FRONT_IN_BRACKETS: Final = re.compile(rf"(^|[/,;|、。・&] ?|(?:{_CALL}) ?)\(({_TITLE}|{_CALL})\)[ :.]*", re.IGNORECASE)
"""【代表】 03-1234-5678: with the brackets it would be a note behind another number."""
_NEXT: Final = re.compile(
    rf"(?<=[0-9)]) (?=(?:(?:{_TITLE}|{_CALL})[ :.]*)?"
    r"\(?0(?:[0-9]{9,10}|[0-9]{1,4}[()-][0-9]{1,4}[)-][0-9]{3,4})(?![0-9-]))",
    re.IGNORECASE,
)
"""The blank in front of one more whole number: 03-1234-5678 090-1234-5678."""
_NUMBER: Final = re.compile(r"[+(]{0,2}[0-9][0-9() .-]*[0-9]")
_USUAL: Final = re.compile("0(?!1-?0)[1-9][0-9]{0,4}-?[0-9]{1,4}-?[0-9]{3,4}")
"""Most answers are written so, and every page reads its number again: the library needs not be asked."""
_LINES: Final = re.compile(r"[~〜]([0-9]{1,4})(?![0-9])")
_EXTENSION: Final = re.compile(
    r"[(\[]?(?:内線番号|内線|内|extension|ext|x|#)[)\]]?[ .:#]{0,3}([0-9]{1,6}(?:-[0-9]{1,6})?) ?番?[)\]]?",
    re.IGNORECASE,
)
_MORE: Final = re.compile(r" ?[,、;/・-] ?(?=[(\[]?(?:内線|内|ext|x ?[0-9]|#))", re.IGNORECASE)
"""What parts a number from its extension, which is no other number."""
_NOTE: Final = re.compile(
    r"\(?(代表番号|代表電話|会社代表|本社代表|代表|代|大代表|大代|直通電話|直通|直|携帯電話|携帯|会社|本社|自宅|呼出|呼|転送"
    r"|(?:TEL/)?FAX ?(?:兼用|共用|兼)|TEL/FAX|TEL|FAX|共通|日中|昼間|夜間|平日|担当|総務|受付|フリ[ー-]ダイヤル"
    r"|通話料?無料|IP電話)\)?",
    re.IGNORECASE,
)
_NOTE_AS_WRITTEN: Final = {
    "代": "代表",
    "大代": "大代表",
    "直": "直通",
    "呼": "呼出",
    "MOBILE": "携帯",
    "フリ-ダイヤル": "フリーダイヤル",
}
"""A long vowel is a hyphen to whoever made all hyphens plain."""
_WAVE: Final = re.compile("(?<=[0-9)])[~〜](?=[0-9(][0-9()]{2}|[0-9]{2}[~〜-])")
"""In place of a hyphen; behind a whole number it counts lines, 03-1234-5678〜9, or names the last one, 〜5680."""
_COUNTRY: Final = re.compile(r"(?<![0-9])\(?(\+[0-9]{1,3}|0081|81)\)? {1,3}(?=\(?0[0-9])")
"""+81 03-1234-5678 is one number: a blank before a zero would else part two."""
_ABROAD: Final = re.compile("^(?:00|010)81")
"""How Japan is called from other countries that dial 00, and how telephones in Japan write +81."""
_JAPAN: Final = 81
_LONG: Final = 10  # figures behind the zero of 090 and its like; all other numbers have one less
_LONG_PREFIXES: Final = ("20", "50", "60", "70", "80", "90")


def tidied(typed: str) -> str | None:
    """*typed*, in one width, as it is kept: `03-1234-5678 (代表) / 090-1234-5678`; None if nobody can dial it."""
    if _is_usual(typed):
        return typed
    text = _without_frame(typed).removesuffix("です").removesuffix("番")
    text = text if any(map(str.isdecimal, text)) else text.translate(_KANJI)
    text = _FRONT_IN_BRACKETS.sub(r"\1\2:", _COUNTRY.sub(r"\1-", text))
    text = _PARTED.sub(lambda found: "-".join(filter(None, found.groups())), _AND_FAX.sub("TEL/FAX", text))
    # A slash with something in it stands between two numbers, never within one.
    parts = [part for part in _BETWEEN.split(_NEXT.sub(" / ", _MORE.sub(" ", text))) if part]
    if not 1 <= len(parts) <= _MOST:
        return None
    numbers = [number for part in parts if (number := _one(part))]
    return " / ".join(numbers) if len(numbers) == len(parts) else None


def with_zero(kept: str) -> str | None:
    """*kept* with the zero that a spreadsheet took from the front of its numbers; None if it lacks none."""
    parts = kept.split(" / ")
    mended = [_with_zero(part) for part in parts]
    return " / ".join(new or old for new, old in zip(mended, parts, strict=True)) if any(mended) else None


def has_country_code(kept: str) -> bool:
    """Whether a number in *kept* begins with the 81 of Japan, as it is dialled elsewhere; `with_zero` leaves it out."""
    numbers = map(_figures, _numbers(kept))
    return any(
        number.removesuffix(str(parsed.national_number)).rstrip("0").endswith(str(_JAPAN))
        for number in numbers
        if (parsed := _parsed(_ABROAD.sub("+81", number)))
    )


def holds_number(typed: str) -> bool:
    """Whether something in *typed*, in one width, can be dialled: `tidied` refuses what stands around it."""
    return any(_can_be_dialled(found) for found in _NUMBER.findall(typed))


def looks_invented(kept: str) -> bool:
    """Whether a number in *kept* ends in eight times the same figure, or counts up: it may exist, but mostly is not."""
    digits = map(_figures, _numbers(kept))
    return any(len(set(number[-_SUBSCRIBER:])) == 1 or number in _COUNTED for number in digits)


def has_odd_length(kept: str) -> bool:
    """Whether a number of Japan in *kept* has other than 10 figures, zero included; 11 for 090 and its like."""
    parsed = (_parsed(_ABROAD.sub("", number)) for number in _numbers(kept))
    return any(
        len(figures) != (_LONG if figures.startswith(_LONG_PREFIXES) else _LONG - 1)
        for number in parsed
        if number and number.country_code == _JAPAN and (figures := str(number.national_number))
    )


def _without_frame(typed: str) -> str:
    """*typed* with one kind of brackets and without needless blanks, and without what stands around all of it."""
    text = _LOOSE.sub("", typed.translate(_BRACKETS).strip(_AROUND)).replace("T E L", "TEL").replace("F A X", "FAX")
    if text.count("(") > text.count(")"):
        text = text.removeprefix("(")
    elif text.count("(") < text.count(")"):
        text = text.removesuffix(")")
    return _IN_BRACKETS.sub(r"\1", text).strip(_AROUND)


def _one(part: str) -> str | None:
    rest = part
    titles: list[str] = []
    while front := _FRONT.match(rest):
        if not re.fullmatch(_CALL, front[1], re.IGNORECASE):
            titles.append(_NOTE_AS_WRITTEN.get(front[1].upper(), front[1].upper()))
        rest = rest[front.end() :]
    found = _dialled(rest)
    if found is None:
        return None
    number, after = found
    notes = _notes(after)
    return None if notes is None else " ".join((*titles, number, *notes))


def _dialled(text: str) -> tuple[str, str] | None:
    """The number that *text* begins with, and what follows it. A wave dash within a number is a hyphen."""
    for candidate in (text, _WAVE.sub("-", text)):
        found = _NUMBER.match(candidate)
        if found and _can_be_dialled(found[0]):
            return " ".join(found[0].split()), candidate[found.end() :].strip(_AROUND)
    return None


def _is_usual(number: str) -> bool:
    return _USUAL.fullmatch(number) is not None and len(number.replace("-", "")) in {10, 11}


def _can_be_dialled(number: str) -> bool:
    if _is_usual(number):
        return True
    figures = _figures(number)
    parsed = _parsed(number)
    if parsed is None or len(set(figures)) == 1 or (figures.startswith("00") and not _ABROAD.match(figures)):
        return False
    if number.lstrip("(").startswith(("0", "+")):
        return is_possible_number(parsed) and not str(parsed.national_number).startswith("0")
    # Without the zero in front it is a number only if that zero makes it a valid one: 1234567890 is none.
    return is_valid_number(parsed)


def _notes(after: str) -> list[str] | None:
    """What stands behind the number, each note as it is written best; None if there is anything else."""
    notes: list[str] = []
    while after and len(notes) < _MOST:
        if lines := _LINES.match(after):
            notes.append(f"〜{lines[1]}")
            found = lines
        elif extension := _EXTENSION.match(after):
            notes.append(f"内線{extension[1]}")
            found = extension
        elif note := _NOTE.match(after):
            notes.append(f"({_NOTE_AS_WRITTEN.get(note[1], note[1].replace(' ', ''))})")
            found = note
        else:
            return None
        after = after[found.end() :].strip(_AROUND)
    return None if after else notes


def _with_zero(part: str) -> str | None:
    found = _NUMBER.search(part)
    if found is None:
        return None
    figures = _figures(found[0])
    if "+" in found[0] or (figures.startswith("0") and not _ABROAD.match(figures)):
        return None
    parsed = _parsed(_ABROAD.sub("", figures))
    if parsed is None:
        return None
    number = format_number(parsed, PhoneNumberFormat.NATIONAL)
    return part[: found.start()] + number + part[found.end() :]


def _numbers(kept: str) -> Iterator[str]:
    """The telephone numbers in *kept*, without what stands around them."""
    return (found[0] for part in kept.split(" / ") if (found := _NUMBER.search(part)))


def _figures(number: str) -> str:
    return "".join(filter(str.isdecimal, number))


def _parsed(number: str) -> PhoneNumber | None:
    try:
        return parse(number, "JP")
    except NumberParseException:
        return None
