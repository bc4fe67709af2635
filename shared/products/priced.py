"""What a price was asked for, as papers repeat it: the terms, and how answers that are easily misread were meant.

Intake says it of a request, and rating of a revision with corrected answers.
"""

from typing import Any, Final

from shared.products.conditions import Answers
from shared.products.form import Form

_CONSENTS: Final = frozenset({"privacy_consent", "news_opt_in"})
_WISHES: Final = frozenset({"brochure", "quote"})
UNPRICED: Final = _CONSENTS | _WISHES
"""Questions of every form that no price depends on."""


def terms_in(form: Form, answers: Answers) -> dict[str, Any]:
    """The terms that a price is asked for, by key: `industry`, `turnover` in 千円, the cover in 円."""
    chosen = ("turnover", *form.our_keys)
    return {key: answers[key] for key in chosen if key in answers and key not in _CONSENTS}


def declared_in(form: Form, answers: Answers) -> list[dict[str, str]]:
    """The answers to negative and two-part questions, spelled out: the 見積書 repeats how they were understood."""
    return [
        {
            # With their section: 告知3 and 告知4 both begin at 1.
            "question": f"{section.title}{f'-{question.number}' if question.number else ''} {question.label}",
            "answer": f"{choice.label}({choice.meaning})",
        }
        for section, question, choice in form.spelled_out
        if answers.get(question.key) == choice.value
    ]
