"""Two windows of one browser show the same page: the one that is sent last must not win unseen.

A page carries a mark of the answers that it was filled with (`Draft.mark`). When they have changed by the time it comes
back, the customer is shown both, once, and decides.
"""

from collections.abc import Iterable, Iterator

from services.intake.domain.advice import Advice
from services.intake.domain.draft import Draft, Typed
from shared.products import Question


def answered_elsewhere(draft: Draft, keys: Iterable[str], typed: Typed, seen: object) -> Typed:
    """The answers in *draft* that the page with the mark *seen* did not know, and that *typed* would replace."""
    own = list(keys)
    if not isinstance(seen, str) or seen == draft.mark(own):
        return {}
    return {key: draft.typed[key] for key in own if draft.typed.get(key) and draft.typed[key] != typed.get(key, "")}


def doubts_elsewhere(questions: Iterable[Question], draft: Draft) -> Iterator[Advice]:
    """What another window had answered, to choose it in place of what was sent here."""
    for question in questions:
        answer = draft.elsewhere.get(question.key)
        if answer:
            values = answer if isinstance(answer, list) else [answer]
            labels = {choice.value: choice.label for choice in question.choices}
            words = "、".join(labels.get(value, value) for value in values)
            yield Advice(
                question.key, f"別の画面では「{words}」と入力されています。", "" if question.choices else words
            )
