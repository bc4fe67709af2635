"""Who wants news by mail (ご案内メール), and who wants none any more: docs/adr/0028-news.md.

What is chosen on forms and over links arrives in any order, and more than once. What was chosen last counts, by the
moment at which it was chosen: an opt-in of before that is read again never takes the place of an opt-out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from shared.events import RequestReceived


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsChoice:
    """An opt-in, or an opt-out, with what the law asks to be kept of it: when, how, and to which words."""

    id: str
    mailboxes: tuple[str, ...]
    """Whose: hashes of one mail address, under each key that we have (`AddressHashes`)."""
    is_wanted: bool
    at: datetime
    how: Literal["form", "link"]
    request_id: str = ""
    """The request that says it, or whose opt-in ends with it. Empty where none was known."""
    product: str = ""
    form_version: str = ""
    """The form in whose words it was asked."""


def choice_on_form(request: RequestReceived, mailboxes: tuple[str, ...], *, is_wanted: bool) -> NewsChoice:
    """What the contact of a request has chosen."""
    return NewsChoice(
        id=request.request_id,
        mailboxes=mailboxes,
        is_wanted=is_wanted,
        at=request.accepted_at,
        how="form",
        request_id=request.request_id,
        product=request.product,
        form_version=request.form_version,
    )


def standing(choices: Iterable[NewsChoice]) -> tuple[NewsChoice, ...]:
    """The opt-ins of one mailbox that hold: those after its last opt-out. Of the same moment, the opt-out counts."""
    known = tuple(choices)
    opted_out_at = max((one.at for one in known if not one.is_wanted), default=None)
    return tuple(one for one in known if one.is_wanted and (opted_out_at is None or one.at > opted_out_at))


def opt_outs(choices: Sequence[NewsChoice], mailbox: str, now: datetime) -> tuple[NewsChoice, ...]:
    """What is to be kept when *mailbox* wants no news any more, of which these *choices* are known.

    One for each opt-in that holds, so that the desk sees it in each of these cases. Without any, one that is about no
    request, because an opt-in may be on its way; whoever presses the button for ever makes one in a second.
    """
    # The opt-in was dated by another clock, which may be ahead of ours.
    at = max([now, *(one.at for one in choices)])
    alone = NewsChoice(id=f"{mailbox}:{at:%Y%m%dT%H%M%S}", mailboxes=(mailbox,), is_wanted=False, at=at, how="link")
    ended = (replace(one, id=f"{one.id}:opted-out", is_wanted=False, at=at, how="link") for one in standing(choices))
    return tuple(ended) or (alone,)
