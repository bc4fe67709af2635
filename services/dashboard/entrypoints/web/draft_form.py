"""The fields about an unsent text: what a form says about where its text is kept, and what a page shows of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, get_args

from services.dashboard.ports.live import DraftForm, NoteDraft
from services.dashboard.usecases.keep_draft import Source

TAB: Final = re.compile(r"[0-9a-f]{32}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_SOURCE: Final = re.compile(r"([0-9a-f]{32}):([0-9]{1,9})")
_FORMS: Final[dict[str, DraftForm]] = {form: form for form in get_args(DraftForm)}
_WITH_REASON: Final = frozenset({"terms", "premium", "approval", "answers"})
"""Their text is called `reason`; that of the others `text`."""
LONGEST: Final = 20_000
"""Characters, as much as is shown again when a form is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownText:
    """The text in a field. `source` names where it is kept, for the form; `others`: what other tabs have saved."""

    text: str = ""
    source: str = ""
    saved_at: datetime | None = None
    others: tuple[NoteDraft, ...] = ()

    @property
    def is_there(self) -> bool:
        """Whether there is anything to show: its form is not folded then."""
        return bool(self.text or self.others)


def draft_in(fields: Mapping[str, str], request_id: str, account: str, now: datetime) -> NoteDraft | None:
    """A text that a page saves; None: it is not one of ours."""
    form, tab, number = _FORMS.get(fields.get("form", "")), fields.get("tab", ""), fields.get("number", "")
    text = fields.get("text", "")
    if form is None or not TAB.fullmatch(tab) or not _NUMBER.fullmatch(number) or len(text) > LONGEST:
        return None
    return NoteDraft(
        request_id=request_id, account=account, form=form, tab=tab, number=int(number), text=text, saved_at=now
    )


def sent_draft(fields: Mapping[str, str], request_id: str, account: str, now: datetime) -> NoteDraft | None:
    """The text that a form sends, of the tab that it names; that is empty for a browser without scripts."""
    form, tab, number = _FORMS.get(fields.get("kind", "")), fields.get("draft_tab", ""), fields.get("draft_number", "")
    if form is None:
        return None
    is_known = bool(TAB.fullmatch(tab) and _NUMBER.fullmatch(number))
    return NoteDraft(
        request_id=request_id,
        account=account,
        form=form,
        tab=tab if is_known else "",
        number=int(number) if is_known else 0,
        text="",
        saved_at=now,
    )


def refused_draft(fields: Mapping[str, str], request_id: str, account: str, now: datetime) -> NoteDraft | None:
    """The text of a form that was refused; None: there is nothing to keep, and nothing that it takes the place of."""
    sent = sent_draft(fields, request_id, account, now)
    if sent is None:
        return None
    text = _typed(sent.form, fields)
    is_something = bool(text.strip() or source_in(fields))
    return replace(sent, text=text) if is_something and len(text) <= LONGEST else None


def source_in(fields: Mapping[str, str]) -> Source | None:
    """The text that the page began with."""
    found = _SOURCE.fullmatch(fields.get("draft_source", ""))
    return Source(tab=found[1], number=int(found[2])) if found else None


def texts_for(
    refused: str | None, fields: Mapping[str, str], kept: Mapping[DraftForm, Sequence[NoteDraft]]
) -> dict[DraftForm, ShownText]:
    """What each form shows: the *fields* of the one that was just *refused*, or else the newest text.

    The others are shown beside it.
    """
    return {
        form: _refused(form, fields, kept.get(form, ())) if form == refused else _newest(kept.get(form, ()))
        for form in get_args(DraftForm)
    }


def _refused(form: DraftForm, fields: Mapping[str, str], kept: Sequence[NoteDraft]) -> ShownText:
    text, tab, began = _typed(form, fields), fields.get("draft_tab", ""), source_in(fields)
    # It is kept, but for one that is too long or one too many: then what is there of it is of its tab, or it began so.
    of_it = [one for one in kept if one.tab == tab or Source(one.tab, one.number) == began]
    mine = next((one for one in [*kept, *of_it] if one.text == text), next(iter(of_it), None))
    return _beside(text, mine, kept)


def _typed(form: DraftForm, fields: Mapping[str, str]) -> str:
    return fields.get("reason" if form in _WITH_REASON else "text", "")


def _newest(kept: Sequence[NoteDraft]) -> ShownText:
    mine = next(iter(kept), None)
    return _beside(mine.text if mine else "", mine, kept)


def _beside(text: str, mine: NoteDraft | None, kept: Sequence[NoteDraft]) -> ShownText:
    return ShownText(
        text=text,
        source=f"{mine.tab}:{mine.number}" if mine else "",
        saved_at=mine.saved_at if mine else None,
        others=tuple(one for one in kept if one is not mine and one.text != text),
    )
