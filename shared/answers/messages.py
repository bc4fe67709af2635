"""What a person reads when an answer cannot be taken. No sentence repeats a text that was typed."""

from decimal import Decimal
from typing import Final

from shared.products import Question

DEFAULT_LENGTH: Final = 200
"""The longest text of a question that names no `max_length`."""
_LONGEST_TITLE: Final = 24
_SENTENCES: Final = {
    "too-long": "{title}は{limit}文字以内で入力してください",
    "bad-text": "{title}に使えない文字が含まれています。入力し直してください",
    "bad-character": (
        "{title}の{place}文字目に使えない文字（{name}：{code}）があります。削除するか、別の文字で入力してください"
    ),
    "bad-email": "メールアドレスは name@example.co.jp のように入力してください",
    "bad-phone": "電話番号は 03-1234-5678 のように入力してください",
    "more-than-phone": (
        "電話番号は 03-1234-5678 内線12 のように、番号と内線だけを入力してください。"
        "2つ以上あるときは「/」で区切ってください（3つまで）"
    ),
    "bad-postal-code": "郵便番号は 100-0013 のように7桁の数字で入力してください",
    "bad-number": "{title}は 123,456 のように数字で入力してください",
    "ambiguous-number": (
        "{title}の区切り（コンマ、点、空白）の位置では、数値がひとつに決まりません。"
        "区切らずに 150000 のように入力してください"
    ),
    "ambiguous-amount": (
        "{title}の区切り（コンマ、点、空白）や単位の位置では、金額がひとつに決まりません。"
        "区切らずに {unit}単位で 150000 のように、または「1億5000万円」のように入力してください"
    ),
    "bad-amount": (
        "{title}は「約」「くらい」などの言葉や範囲ではなく、ひとつの金額を {unit}単位で 150000 のように、"
        "または「1億5000万円」のように入力してください"
    ),
    "not-an-integer": "{title}は{unit}単位の整数で入力してください",
    "odd-amount": "入力された {yen}円には{unit}未満の端数があります。{title}は{unit}単位の整数で入力してください",
    "too-large": "{title}の桁数が多すぎます。{unit}単位の数字か確認してください",
    "exclusive": "{title}で「{exclusive}」を選ぶときは、ほかの項目を選ばないでください",
    "not-a-choice": "{title}は表示された中から選択してください",
    "other-version": "個人情報の利用目的が更新されました。もう一度お読みのうえ、同意をお願いします",
    "contradictory": "{title}が2つ以上送信されました。ひとつだけ入力してください",
    "unknown-key": "この項目はフォームにありません。項目名を確認してください",
    "unknown-keys": "ほかに{count:,}個の項目がフォームにありません。項目名を確認してください",
}
_OF_AMOUNTS: Final = {"ambiguous-number": "ambiguous-amount", "bad-number": "bad-amount"}
"""Where a unit may be typed, the sentence says how."""
_REQUIRED: Final = {
    "choice": "{title}を選択してください",
    "amount": "{title}を選択してください",
    "multi": "{title}をひとつ以上選択してください",
    "consent": "「{title}」にチェックを入れてください",
}


def title(question: Question) -> str:
    """How a message names the question: by its label, or by its number and the beginning of its text."""
    if not question.number and len(question.label) <= _LONGEST_TITLE:
        return question.label
    label = question.label if len(question.label) <= _LONGEST_TITLE else question.label[: _LONGEST_TITLE - 1] + "…"
    return f"「{question.number}{label}」の回答"


def message(question: Question, code: str) -> str:
    """The sentence for *code* about *question*."""
    if code == "required":
        sentence = _REQUIRED.get(question.kind, "{title}を入力してください")
    elif question.kind == "thousand_yen":
        sentence = _SENTENCES[_OF_AMOUNTS.get(code, code)]
    else:
        sentence = _SENTENCES[code]
    exclusive = next((choice.label for choice in question.choices if choice.value == question.exclusive), "")
    limit = question.max_length or DEFAULT_LENGTH
    return sentence.format(title=title(question), limit=limit, unit=question.unit, exclusive=exclusive)


def odd_amount(question: Question, yen: Decimal) -> str:
    """How *yen*, as read from an amount with its unit, does not fit the unit of *question*."""
    figure = f"{yen.normalize():,f}"
    return _SENTENCES["odd-amount"].format(title=title(question), yen=figure, unit=question.unit)


def unusable_character(question: Question, sent: str, char: str, name: str) -> str:
    """Where in *sent*, the answer as typed, *char* stands: a character that nobody sees is found by its place only."""
    place, code = sent.index(char) + 1, f"U+{ord(char):04X}"
    return _SENTENCES["bad-character"].format(title=title(question), place=place, name=name, code=code)


def unknown_key() -> str:
    """For a key that no question has, so there is no question to name."""
    return _SENTENCES["unknown-key"]


def unknown_keys(count: int) -> str:
    """For *count* more of them."""
    return _SENTENCES["unknown-keys"].format(count=count)
