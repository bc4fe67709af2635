"""Two windows of one browser show the same page: the one that is sent last must not win unseen.

A page carries a mark of each answer that it was filled with (`marks`), and its script adds a mark of each answer that
it has sent since. So what was answered on one side only is merged. What was answered differently on both sides is never
dropped without a word: a page that is sent shows both, once, and the customer decides; an answer that is only saved as
it is given waits for that.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final
from zlib import crc32

from services.intake.domain.advice import Advice
from services.intake.domain.draft import Draft, Typed
from shared.products import Form, Page, Question

_MARK: Final = "="
_AGAIN: Final = ","


@dataclass(frozen=True, slots=True)
class Merged:
    """A page that came back. `typed` is what stands: of two answers to one question, the page's own.

    * `contested`: what another window had answered, where this one has answered something else.
    * `unseen`: what another window had answered, where this one has changed nothing. It stands in `typed`.
    """

    typed: Typed
    contested: Typed
    unseen: Typed

    @property
    def elsewhere(self) -> Typed:
        """What the customer must be shown before the page counts as passed."""
        return {**self.contested, **self.unseen}


def marks(questions: Iterable[Question], typed: Typed) -> str:
    """What a page with *questions* carries that is filled with *typed*."""
    return " ".join(f"{question.key}{_MARK}{_mark(_shown(question, typed))}" for question in questions)


def merged(questions: Iterable[Question], draft: Draft, typed: Typed, seen: object) -> Merged:
    """*typed* and the answers in *draft*, which the page with the marks *seen* may not have known."""
    known, stands, contested, unseen = _known(seen), dict(typed), Typed(), Typed()
    for question in questions:
        key, bases = question.key, known.get(question.key)
        theirs = _mark(_shown(question, draft.typed))
        own = _mark(_shown(question, typed) if key in typed else "")
        if bases is None or theirs in bases or theirs == own:
            continue
        answer = draft.typed.get(key, "")
        is_untouched = own == bases[-1]
        if is_untouched:
            stands[key] = answer
        if answer:
            (unseen if is_untouched else contested)[key] = answer
    return Merged(stands, contested, unseen)


def saved_as_given(draft: Draft, page: Page, typed: Typed, seen: object) -> tuple[Draft, frozenset[str]]:
    """*draft* with what was typed so far on *page*, right or wrong; and the keys of what another window answered.

    It never counts as passing the page: what is changed on a page that was passed must be looked at once more. An
    answer that another window gave stays until the page is sent, and so does what was sent after this was typed. An
    answer is cleared only where *seen* says that the page has its question.
    """
    result = merged(page.questions, draft, typed, seen)
    has_asked = _known(seen).keys() | typed.keys()
    keys = [question.key for question in page.questions if question.key in has_asked]
    saved = replace(draft.with_answers(keys, {**result.typed, **result.contested}), is_saved=True)
    return not_passed_if_changed(saved, draft, page), frozenset(result.elsewhere)


def not_passed_if_changed(draft: Draft, before: Draft, *pages: Page) -> Draft:
    """*draft*, in which each of *pages* is passed only if it was, and shows the same answers as *before*."""
    for page in pages:
        if marks(page.questions, draft.typed) != marks(page.questions, before.typed):
            draft = draft.with_page(page.slug, passed=False)
    return draft


def with_elsewhere(draft: Draft, form: Form, page: Page, answers: Typed) -> Draft:
    """*draft* that is to show *answers* beside what stands on *page*.

    What other pages have to show stays, except texts: there is room for those of one page (`save_draft.MOST_BYTES`).
    """
    own = {question.key for question in page.questions}
    choices = {question.key for question in form.questions if question.choices}
    others = {key: answer for key, answer in draft.elsewhere.items() if key in choices - own}
    return replace(draft, elsewhere=others | answers)


def with_answers_of_colleague(draft: Draft, form: Form, page: Page, theirs: Typed) -> Draft:
    """*draft* with what a colleague has answered on *page*, which is passed by it.

    It is not where the draft had other answers: they were saved, so they are shown beside the colleague's.
    """
    keys = [question.key for question in page.questions]
    heard = draft.with_answers(keys, theirs)
    heard = heard.answered_by_colleague(key for key in keys if heard.typed.get(key))
    other = {
        question.key: answer
        for question in page.questions
        if (answer := draft.typed.get(question.key))
        and marks([question], heard.typed) != marks([question], draft.typed)
    }
    return with_elsewhere(heard, form, page, other).with_page(page.slug, passed=not other)


def doubts_elsewhere(page: Page, draft: Draft) -> Iterator[Advice]:
    """What else was answered on *page*, to choose it in place of what stands there."""
    for question in page.questions:
        answer = draft.elsewhere.get(question.key)
        if answer:
            values = answer if isinstance(answer, list) else [answer]
            labels = {choice.value: choice.label for choice in question.choices}
            words = "、".join(labels.get(value, value) for value in values)
            stands = draft.typed.get(question.key) == answer
            is_former = page.slug in draft.heard and not stands
            said = (
                f"以前は「{words}」と入力されていました。"
                if is_former
                else f"別の画面では「{words}」と入力されています。"
            )
            yield Advice(question.key, said, "" if question.choices or stands else words)


def _known(seen: object) -> dict[str, tuple[str, ...]]:
    """The marks that a page came back with, by key, the newest last; none for a page of the version before."""
    pairs = (part.partition(_MARK) for part in seen.split()) if isinstance(seen, str) else ()
    return {key: tuple(known.split(_AGAIN)) for key, mark, known in pairs if mark}


def _shown(question: Question, typed: Typed) -> str | list[str]:
    """What the page has in the field of *question*."""
    answer = typed.get(question.key)
    if answer is None:
        return "" if question.default is None else str(question.default)
    return answer


def _mark(answer: str | list[str]) -> str:
    """A short hash, which the page's script can compute as well (form.js)."""
    text = answer if isinstance(answer, str) else "\n".join(answer)
    # A form that is sent ends its lines with both characters, a script's with one.
    return format(crc32(text.replace("\r\n", "\n").encode(errors="surrogatepass")), "x")
