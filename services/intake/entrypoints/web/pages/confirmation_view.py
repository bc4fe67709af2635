"""The HTML of the confirmation, with a mark of everything on it, and once more where something changed meanwhile."""

from dataclasses import dataclass
from typing import Final

from fastapi import Response

from services.intake.domain.progress import Progress
from services.intake.domain.shown import Shown
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.pages.answer_rows import AnswerGroup, answer_groups, answered_by
from services.intake.entrypoints.web.pages.field import FormState
from services.intake.entrypoints.web.pages.fields import consent_fields
from services.intake.entrypoints.web.visit import Visit
from shared.products import Product

_TERMS: Final = "_terms"
"""The name of what is agreed to, among the keys of questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Everything as it will be sent. `shown` goes with the page, and says when it comes back whether all was read."""

    visit: Visit
    progress: Progress
    groups: tuple[AnswerGroup, ...]
    shown: Shown

    @classmethod
    def of(cls, visit: Visit, progress: Progress) -> "Confirmation":
        """Of the draft as it is now."""
        groups = answer_groups(progress, answered_by(visit.product.form, visit.draft))
        words = {row.key: (group.title, row.label, row.answer) for group in groups for row in group.rows}
        shown = Shown.of(visit.draft.nonce, words | {_TERMS: _terms(visit.product)})
        return cls(visit=visit, progress=progress, groups=groups, shown=shown)

    def was_shown(self, seen: object) -> bool:
        """Whether *seen*, the mark of the page that was sent, is that of this confirmation."""
        return seen == str(self.shown)

    def page(self, state: FormState, *, is_again: bool = False) -> Response:
        """With what is wrong with the consents. `is_again`: with what changed since it was sent the last time."""
        changed = self.shown.changed_since(self.visit.draft.confirmed) if is_again else frozenset()
        if _TERMS in changed:
            state = FormState(typed={})  # To agree to one text is not to agree to another.
        # Where nothing is known from before, to mark everything would say nothing.
        listed = frozenset() if len(changed) == len(self.shown.marks) else changed
        misprinted = self._misprinted()
        return html_page(
            "confirm.html",
            self.visit.product,
            page_count=self.progress.page_count,
            groups=self.groups,
            mark=str(self.shown),
            is_again=is_again,
            changed=listed,
            misprinted=misprinted,
            told_of=listed | misprinted,
            has_new_terms=_TERMS in listed,
            consents=consent_fields(self.visit.product.form, state),
            problems=state.problems,
            handed_over=self.visit.draft.is_handed_over,
            back=self.visit.url(self.progress.pages[-1].slug),
        )

    def _misprinted(self) -> frozenset[str]:
        """The keys of the answers that the papers show with 〓 in them, because their fonts lack a character."""
        can_print, rows = self.visit.deps.papers.can_print, [row for group in self.groups for row in group.rows]
        # All at once first: nearly every form can be printed whole.
        if can_print("\n".join(row.answer for row in rows)):
            return frozenset()
        return frozenset(row.key for row in rows if not can_print(row.answer))


def _terms(product: Product) -> tuple[str, ...]:
    """What stands beside the consents."""
    asked = (
        word
        for question in product.form.confirm
        for word in (question.label, question.hint, *question.notes, *(choice.label for choice in question.choices))
    )
    privacy = product.privacy
    return (privacy.version, privacy.text, privacy.url or "", *product.notices.values(), *asked)
