"""One answer must not cost more than it is worth, whatever a stranger types."""

from collections.abc import Callable
from time import process_time

import pytest

from services.intake.domain import contact_shapes
from services.intake.domain.advice import advice
from services.intake.domain.answers import check
from services.intake.domain.suspicion import of_answers
from shared.answers import normalise
from shared.answers.check import unknown_keys
from shared.answers.visible import unusable
from shared.mail_address import is_mail_address, mailbox_of
from tests.services.intake.builders import a_product, answers

_PIECES = [
    *("1", "1億", "11111111111億", "1,", "1.", "1,234", "1 ", "0", "億", "千", "９", "٣"),
    *(" ", "\u00a0", "\u3000", "\n", "\r\n", "\u2028", "\u200b", "\u200d", "\u202e", "\ufe0f", "\U000e0100", "\x00"),
    *("\u0301", "e\u0301", "カ\u3099", "ｶﾞ", "ﾞ", "か\u309b", "\ufdfa", "\u1112\u1161", "葛\U000e0100", "👩\u200d", "𠮷"),
    *(
        "a",
        "a.",
        ".",
        "@",
        "a@",
        "a@a.",
        '"',
        "=?",
        "?=",
        "+",
        "-",
        "〜",
        "(",
        "/",
        "、",
        "または",
        "内線1",
        "TEL",
        "(代)",
    ),
    *("http", "://", "evil.com ", "LINE", "dot ", "ドット", "です。", "円", "〒", "ー"),
]
_PATHOLOGICAL = [pytest.param(piece, end, id=f"{piece!a}…{end}") for piece in _PIECES for end in ("", "x")]
_SIZES = (1_000, 8_000, 60_000)
_MOST_S = 0.1
"""Of processor time, for a whole form with the same text in every field. It takes some 2 ms."""


@pytest.mark.parametrize(("piece", "end"), _PATHOLOGICAL)
def test_a_form_of_strange_texts_is_cheap_at_any_length(piece: str, end: str) -> None:
    """40 figures as 売上高 kept the form busy for hours: the text was cut in every possible way."""
    for size in _SIZES:
        text = (piece * size)[: size - 1] + end

        assert cost_of_form(text) < _MOST_S


@pytest.mark.parametrize(("piece", "end"), _PATHOLOGICAL)
def test_a_strange_text_just_below_the_limits_is_cheap(piece: str, end: str) -> None:
    """What is refused by its length costs nothing; what is not is looked at by everything."""
    for length in (40, 64, 100, 200, 254, 400, 800, 1_016, 8_000):
        assert cost_of_form((piece * length)[: length - 1] + end) < _MOST_S


def cost_of_form(text: str) -> float:
    """Seconds of processor time. The best of three, because others use the machine as well."""
    form = a_product().form
    sent: dict[str, object] = {**answers(), **dict.fromkeys((question.key for question in form.questions), text)}
    return min(_cost_once(sent) for _ in range(3))


def _cost_once(sent: dict[str, object]) -> float:
    form = a_product().form
    begun = process_time()
    found = check(form, sent)
    list(advice(form.questions, found, sent))
    list(of_answers(found.answers))
    return process_time() - begun


@pytest.mark.parametrize("piece", _PIECES, ids=ascii)
def test_each_reader_alone_grows_no_faster_than_its_text(piece: str) -> None:
    """They are also called with what a page or an address brings, without the form's limits before them."""
    refusing = (contact_shapes.email, contact_shapes.phone, contact_shapes.postal_code, is_mail_address, mailbox_of)
    for reader in (*refusing, normalise.soft, normalise.soft_lines, contact_shapes.narrow, unusable):
        small, large = ((piece * size)[:size] for size in (6_000, 60_000))

        # Ten times the text: a quadratic reader takes a hundred times as long. 5 ms are within what is measured.
        assert cost_of(reader, large) < 30 * cost_of(reader, small) + 0.005


def cost_of(reader: Callable[[str], object], text: str) -> float:
    def once() -> float:
        begun = process_time()
        reader(text)
        return process_time() - begun

    return min(once() for _ in range(3))


def test_a_body_of_unknown_keys_is_cheap() -> None:
    """64 KB of them cost 50 ms."""
    sent = {f"{number:x}": 1 for number in range(12_000)}
    begun = process_time()

    problems = unknown_keys(a_product().form, sent)

    assert process_time() - begun < _MOST_S
    assert len(problems) <= 51
