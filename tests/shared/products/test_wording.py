"""The insurer's words are not changed, not even to correct them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.products import Form, Product, Question, load_products

SOURCE = (Path(__file__).parent / "form-source.txt").read_text(encoding="utf-8")
OUT_OF_THE_FORM = {"メニュー", "ページトップ"}
"""The web page around the form."""
MARK = re.compile("^(必須|任意)(?!の)")
"""Not that of 「必須の項目は…」, which is a sentence."""
ADDED = {"incidents_note", "d3_22_other"}
"""Asked by us where an answer needs a word more; not marked as ours because they are 告知 all the same."""


@pytest.fixture(scope="module")
def product() -> Product:
    return load_products()["cyber-security"]


def test_the_form_says_what_the_source_says_all_of_it_in_order_and_nothing_else(product: Product) -> None:
    head = [product.name, product.insurer, f"{product.agency.name}{product.agency.phone_label} {product.agency.phone}"]

    words = squeezed("".join([*head, product.form.title, *insurers_words(product)]))

    assert words == "".join(squeezed(without_mark(line)) for line in source_lines())


def test_every_text_of_the_insurer_stands_in_the_source_character_by_character(product: Product) -> None:
    """Widths, blanks and signs too: (税込) is not （税込）."""
    changed = [text for text in insurers_words(product) if text not in SOURCE]

    assert changed == []


def test_what_the_source_marks_as_required_is_required_and_what_it_marks_as_optional_is_not(product: Product) -> None:
    marked = {without_mark(line): mark[0] for line in source_lines() if (mark := MARK.match(line))}

    told = {
        name: "必須" if all(one.required is True for one in questions_called(name, product)) else "任意"
        for name in marked
    }

    assert len(marked) == 13
    assert told == marked


def test_every_proposed_correction_waits_for_the_insurer_and_names_words_that_still_stand(product: Product) -> None:
    proposed = {
        question.key: [(one.says, one.instead) for one in question.proposed]
        for question in product.form.questions
        if question.proposed
    }

    assert proposed == {
        "d3_01_c": [("制約書", "誓約書")],
        "d3_06": [("Instruction Detection System", "Intrusion Detection System")],
        "d4_4": [("※3 一般社団法人 JPCERT コーディネーションセンターをいいます。", "")],
        "d4_5": [("セキュリティベンディンダ", "セキュリティベンダ")],
    }
    assert all(says in SOURCE for pairs in proposed.values() for says, _ in pairs)


def test_every_sentence_that_no_page_shows_waits_for_the_insurer_with_its_reason(product: Product) -> None:
    """They speak of one page with one button; ours are several."""
    sections = [section for page in product.form.pages for section in page.sections]
    of_questions = [sentence for question in product.form.questions for sentence in question.unshown]
    unshown = [*(sentence for section in sections for sentence in section.unshown), *of_questions]

    assert [sentence.text for sentence in unshown] == [
        "以下の項目にご入力いただき、「確認画面へ」ボタンをクリックしてください。",
        "お見積りをご希望の場合は、 以下の 必須の項目を必ずご入力ください。",
        "お見積りされない場合は、ページ下部の「確認画面へ」ボタンをクリックしておすすみください。",
    ]
    assert all(sentence.text in SOURCE and sentence.reason for sentence in unshown)


def test_in_every_order_the_declarations_are_asked_in_the_insurers_order(product: Product) -> None:
    numbered = [title for title in titles(product.form) if title.startswith("告知事項")]

    assert numbered == [f"告知事項 {number}" for number in (1, 2, 3, 3, 3, 4)]
    for order in product.form.orders:
        assert [title for title in titles(product.form.in_order(order)) if title in numbered] == numbered


def titles(form: Form) -> list[str]:
    return [section.title for page in form.pages for section in page.sections]


def insurers_words(product: Product) -> Iterator[str]:
    """Everything in the form that is not ours, in the order of the page."""
    before = ""
    for page in product.form.pages:
        for section in page.sections:
            if section.ours:
                continue
            if section.title != before:  # 告知事項 3 goes over several pages
                yield section.title
            before = section.title
            yield from section.intro
            for question in section.questions:
                if question.key not in ADDED:
                    yield from words_of(question)
            yield from section.notes


def words_of(question: Question) -> Iterator[str]:
    fragments = (question.number, question.label, question.unit, *question.parts, *question.notes, question.opening)
    yield from (fragment for fragment in fragments if fragment)


def questions_called(name: str, product: Product) -> list[Question]:
    """Those under the heading *name*, or the one question of that name."""
    sections = [section for page in product.form.pages for section in page.sections]
    below = [question for section in sections if section.title == name for question in section.questions]
    return below or [question for question in product.form.questions if question.label == name]


def source_lines() -> Iterator[str]:
    for line in SOURCE.splitlines():
        text = line.strip().removeprefix("•").strip()
        if text and text not in OUT_OF_THE_FORM:
            yield text


def without_mark(line: str) -> str:
    return MARK.sub("", line)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)
