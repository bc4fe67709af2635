"""Checks a whole form: from everything that was sent to the accepted answers, or to every problem at once.

Conditions are decided here and nowhere else. What a page hides or a script disables does not matter: an answer to a
question that is not asked is dropped, and a question that is asked cannot be skipped.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from shared.answers.messages import unknown_key
from shared.answers.messages import unknown_keys as more_unknown_keys
from shared.answers.reading import NO_SHAPES, Answers, Problem, Shapes, Value, problem, read
from shared.products import Followed, Form, Question

Sent = Mapping[str, object]
"""What came in, by key: text, lists of text, and from JSON anything."""

_MOST_NAMED: Final = 50
_LONGEST_KEY: Final = 64


@dataclass(frozen=True, slots=True)
class Checked:
    """Where the accepted answers lead, and what is wrong with the others."""

    followed: Followed
    problems: tuple[Problem, ...]

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that the answers lead to."""
        return self.followed.asked

    @property
    def answers(self) -> Answers:
        """The accepted answers to them, by key."""
        return self.followed.answers

    def on(self, keys: Iterable[str]) -> tuple[Problem, ...]:
        """The problems of these questions only: those of one page."""
        wanted = set(keys)
        return tuple(problem for problem in self.problems if problem.key in wanted)

    def requires(self, question: Question) -> bool:
        """Whether *question* may not be left out, as the other answers stand."""
        return question.required_by(self.answers)


def check(form: Form, sent: Sent, shapes: Shapes = NO_SHAPES) -> Checked:
    """Check all of *sent* against *form*. *shapes*: what a contact must look like."""
    bad: dict[str, Problem] = {}

    def answer(question: Question) -> Value | None:
        value = sent.get(question.key)
        # Most answers are a choice as it is offered, and there is nothing to read.
        if isinstance(value, str) and value in question.offered:
            return value
        found = read(question, value, shapes)
        if isinstance(found, Problem):
            bad[question.key] = found
            return None
        return question.default if found is None else found

    followed = form.ask(answer)
    answers = followed.answers
    for question in followed.asked:
        if question.key not in answers and question.key not in bad and question.required_by(answers):
            bad[question.key] = problem(question, "required")
    problems = [bad[question.key] for question in followed.asked if question.key in bad] if bad else ()
    broken = [Problem(rule.key, rule.code, rule.message) for rule in followed.broken_rules()]
    return Checked(followed, (*problems, *broken))


def unknown_keys(form: Form, sent: Sent) -> tuple[Problem, ...]:
    """Keys that the form does not have: a misspelt key must not silently lose an answer.

    The first fifty are named; of the others there is only a count, under the key `…`.
    """
    unknown = [key for key in sent if key not in form.keys]
    named = [Problem(_printable(key), "unknown-key", unknown_key()) for key in unknown[:_MOST_NAMED]]
    more = len(unknown) - len(named)
    return (*named, *([Problem("…", "unknown-keys", more_unknown_keys(more))] if more else []))


def _printable(key: str) -> str:
    return key[:_LONGEST_KEY].encode("ascii", "replace").decode()
