"""A quote speaks the words that its customer has answered to, also after a release has changed them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from services.notify.adapters.products import load_products_with_letters
from shared.errors import Invalid
from shared.events import QuoteOffered
from tests.printed import printed
from tests.services.notify.builders import PRODUCT, a_request, an_offer, an_offer_of_the_nearest
from tests.services.notify.fakes import Writing
from tests.shared.products.builders import (
    REMOVED_INDUSTRY,
    REMOVED_RIDER,
    REMOVED_RULE,
    RENAMED_LIMIT,
    RENAMED_PLAN,
    Edit,
    a_release_of,
)

pytestmark = pytest.mark.anyio

THEN = PRODUCT.form.version
AfterRelease = Callable[..., Writing]


@pytest.fixture
def after_release(tmp_path: Path) -> AfterRelease:
    """Notify after a release with these edits of the form."""

    def of(*edits: Edit) -> Writing:
        folder = a_release_of(tmp_path, *edits)
        return Writing(tmp_path, product=load_products_with_letters(folder.parent)["cyber-security"])

    return of


async def quoted(writing: Writing, version: str, offer: QuoteOffered) -> None:
    await writing.receive(a_request(form_version=version, parcel=writing.keys.parcel()), offer)


def words_of(writing: Writing) -> str:
    """All that the customer reads: the mail and the 見積書."""
    (pdf,) = writing.pdfs("quote").values()
    return writing.text("quote") + printed(pdf).everything


async def test_a_renamed_choice_keeps_its_name_for_whoever_chose_it_before(after_release: AfterRelease) -> None:
    """ベーシック became スタンダード on the day that the desk released a quote: the 見積書 named a plan of which its
    customer had never heard, while the 控え said ベーシック.
    """
    writing = after_release(RENAMED_PLAN)

    await quoted(writing, THEN, an_offer())

    assert "ベーシック" in words_of(writing)
    assert "スタンダード" not in words_of(writing)


async def test_whoever_answers_the_new_form_reads_the_new_words(after_release: AfterRelease) -> None:
    writing = after_release(RENAMED_PLAN)

    await quoted(writing, writing.product.form.version, an_offer())

    assert "スタンダード" in words_of(writing)
    assert "ベーシック" not in words_of(writing)


async def test_a_rider_that_is_sold_no_more_is_named_to_whoever_has_it(after_release: AfterRelease) -> None:
    """It was `unknown-question`, and the customer got no 見積書."""
    writing = after_release(REMOVED_RIDER, REMOVED_RULE)

    await quoted(writing, THEN, an_offer(riders=("leak_only",)))

    assert "情報漏えい限定補償特約" in writing.text("quote")
    assert "情報漏えい限定補償特約" in words_of(writing)


async def test_a_business_that_can_be_chosen_no_more_is_named_on_the_quotation(after_release: AfterRelease) -> None:
    """It was `unknown-choice`, and the customer got no 見積書."""
    writing = after_release(REMOVED_INDUSTRY)

    await quoted(writing, THEN, an_offer())

    assert "小売業" in words_of(writing)


async def test_exchanged_terms_and_tables_keep_their_words_too(after_release: AfterRelease) -> None:
    writing = after_release(RENAMED_PLAN, RENAMED_LIMIT)

    await quoted(writing, THEN, an_offer_of_the_nearest())

    words = words_of(writing)
    for then in ("ベーシック", "費用損害の支払限度額", "3,000万円"):
        assert then in words
    for today in ("スタンダード", "費用の限度額", "三千万円"):
        assert today not in words


@pytest.mark.parametrize("version", ["2025-10-01+0badc0de", "2026-10-01", ""])
async def test_a_request_of_a_form_that_is_not_kept_becomes_a_task_and_nobody_guesses(
    writing: Writing, version: str
) -> None:
    """Today's form may call by other words what the customer chose, and a 見積書 is kept for years."""
    with pytest.raises(Invalid, match="unknown-form"):
        await quoted(writing, version, an_offer())

    assert writing.kinds() == ["desk", "receipt"]
    assert writing.facts.outcomes.unmade() == {"quote": "unknown-form"}


async def test_a_form_that_comes_later_has_its_quote_sent_after_all(
    writing: Writing, after_release: AfterRelease
) -> None:
    """Intake was released minutes before notify. Each 見積書 of these minutes was given up, and stayed so for good.

    It is the mail of the task, by its id, so that the dashboard shows the task as done; and it speaks the new words.
    """
    follows = after_release(RENAMED_PLAN)
    follows = replace(follows, folder=follows.folder, facts=writing.facts)
    follows.keys = writing.keys
    offer = an_offer()
    with pytest.raises(Invalid, match="unknown-form"):
        await quoted(writing, follows.product.form.version, offer)

    await follows.receive(offer)

    assert writing.kinds() == ["desk", "quote", "receipt"]
    assert "スタンダード" in words_of(writing)
    [(task, _)] = writing.facts.outcomes.kept.values()
    assert task.id in writing.letters.heads


@pytest.fixture
def writing(tmp_path: Path) -> Writing:
    return Writing(tmp_path)


async def test_a_word_that_only_todays_form_has_is_not_lent_to_an_earlier_request(after_release: AfterRelease) -> None:
    """A quote can only name what its form asked. If it does not, something is wrong that a person must see."""
    writing = after_release(
        (
            "{value: basic, label: ベーシック}",
            "{value: basic, label: ベーシック}\n              - {value: gold, label: 金}",
        )
    )
    offer = an_offer()
    gold = offer.model_copy(update={"options": (replace(offer.options[0], plan="gold"),)})

    await quoted(writing, THEN, gold)

    assert writing.facts.outcomes.unmade() == {"quote": "unknown-choice"}
