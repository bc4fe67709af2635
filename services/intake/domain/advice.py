"""What the customer is asked about once: what may be a typing error, and a choice with which the form leads nowhere.

A correction is offered, and never made for them. Whoever has read it and sends the same again means it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from services.intake.domain.mistyped_domain import meant, mixed, with_hyphens
from services.intake.domain.phone_number import has_country_code, has_odd_length, looks_invented, with_zero
from services.intake.domain.place import Place, agrees, completed, names_prefecture
from shared.answers.check import Checked, Sent
from shared.answers.typed_amount import names_currency, names_unit, one_width
from shared.answers.visible import visible
from shared.products import Question
from shared.yen import spoken_yen

_SMALL: Final = 1_000
_LARGE: Final = 100_000_000
_ROUND: Final = 10_000_000
_ZEROS: Final = 1_000_000
"""In 千円: below 100万円 and from 1000億円 on is rare; from 100億円 on, six zeros at the end suggest 円."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A doubt about the answer to `key`; `instead` is what may have been meant, as it would be typed."""

    key: str
    message: str
    instead: str


def _unknown(_postal_code: str) -> Sequence[Place]:
    return ()


def advice(
    questions: Iterable[Question],
    checked: Checked,
    sent: Sent,
    places: Callable[[str], Sequence[Place]] = _unknown,
) -> Iterator[Advice]:
    """The doubts about accepted answers to *questions*. Whoever typed 3億円 meant it.

    *places* are those of a postal code: what a browser fills in as an address often lacks 都道府県 and city.
    """
    code = ""
    for question in questions:
        answer = checked.answers.get(question.key)
        if question.kind == "thousand_yen" and isinstance(answer, int):
            yield from _thousand_yen(question.key, answer, _as_typed(sent[question.key]))
        elif not isinstance(answer, str):
            continue
        elif question.tells is not None and answer in question.tells.values:
            yield Advice(question.key, question.tells.text, "")
        elif question.kind == "email":
            yield from _mail(question.key, answer)
        elif question.kind == "tel":
            yield from _phone(question.key, answer)
        elif question.kind == "postal_code":
            code = answer
        elif question.autocomplete == "address-line1":
            yield from _address(question.key, answer, code, places(code) if code else ())


def _address(key: str, address: str, code: str, places: Sequence[Place]) -> Iterator[Advice]:
    has_prefecture = names_prefecture(address)
    if agrees(address, places) if places else has_prefecture:
        return
    area = "、".join(dict.fromkeys(place.prefecture + place.city for place in places))
    if instead := completed(address, places):
        yield Advice(key, f"もしかして {instead} ではありませんか。", instead)
    elif has_prefecture:
        message = f"郵便番号 {code} は{area}の番号で、住所と一致しません。郵便番号と住所をご確認ください。"
        yield Advice(key, message, "")
    else:
        known = f"郵便番号 {code} は{area}の番号です。" if area else ""
        yield Advice(key, f"住所に都道府県がありません。{known}都道府県から入力されているかご確認ください。", "")


def _phone(key: str, number: str) -> Iterator[Advice]:
    if instead := with_zero(number):
        why = "国番号（81）から入力されています" if has_country_code(number) else "先頭の0がありません"
        yield Advice(key, f"{why}。もしかして {instead} ではありませんか。", instead)
    elif has_odd_length(number):
        yield Advice(key, "電話番号の桁数が通常と異なります。この番号でよいか、もう一度ご確認ください。", "")
    elif looks_invented(number):
        yield Advice(key, "この電話番号にご連絡できるかどうか、もう一度ご確認ください。", "")


def _mail(key: str, address: str) -> Iterator[Advice]:
    name, _, domain = address.rpartition("@")
    if typed := mixed(domain.lower()):
        hyphened = with_hyphens(typed)
        message = f"メールアドレスの「{typed}」には、英字とかな・漢字などがまざった部分があります。" + (
            f"もしかして {name}@{hyphened} ではありませんか。" if hyphened else "もう一度ご確認ください。"
        )
        yield Advice(key, message, f"{name}@{hyphened}" if hyphened else "")
    elif instead := meant(domain.lower()):
        yield Advice(key, f"もしかして {name}@{instead} ではありませんか。", f"{name}@{instead}")


def _as_typed(sent: object) -> str:
    """The figure without what cannot be seen. What came twice is the same twice, or it is no answer."""
    return one_width(visible(str(sent[0] if isinstance(sent, list) else sent)))


def _thousand_yen(key: str, amount: int, typed: str) -> Iterator[Advice]:
    in_words = f"{amount:,}千円は、{spoken_yen(amount * 1000)}です。"
    more, less = amount * 1000, amount // 1000
    if amount == 0:
        yield Advice(key, "売上高を0円として入力されています。", "")
    elif names_unit(typed):
        # 50万 in a field that counts 千円 may be 50万円 as well as 50万千円; whoever adds 円 has said which.
        if amount < _SMALL and not names_currency(typed):
            read = f"「{typed}」を{spoken_yen(more)}と読み取りました。"
            yield Advice(
                key, f"{read}千円単位の{typed}の場合は {more:,}千円（{spoken_yen(more * 1000)}）です。", f"{more:,}"
            )
    elif amount >= _LARGE or (amount >= _ROUND and amount % _ZEROS == 0):
        yield Advice(key, f"{in_words}円単位で入力された場合は {less:,}千円（{spoken_yen(amount)}）です。", f"{less:,}")
    elif amount < _SMALL:
        yield Advice(key, f"{in_words}百万円単位の場合は {more:,}千円（{spoken_yen(more * 1000)}）です。", f"{more:,}")
