"""Why a letter was not made, or came back: words of notify, a list in the published language, and two explanations."""

import re
from pathlib import Path
from typing import Final, get_args

from services.dashboard.entrypoints.web.letter_wording import BOUNCES as ON_THE_DASHBOARD
from services.dashboard.entrypoints.web.letter_wording import NOT_MADE, NOT_REPEATED
from services.notify.domain.bounced import BOUNCES as BY_MAIL
from services.notify.domain.unmade import BUG, DEAD_ADDRESS, EXPIRED, MAY_BE_MADE_LATER, REASONS
from shared.events import BounceReason, NotMade, NotRepeated

REPOSITORY: Final = Path(__file__).parents[2]
KNOWN: Final = set(get_args(NotMade))
_NO_CASE: Final = {"bad-link", "broken-letter"}
"""Of the mail with a link to a saved form: nobody has a case to look at, so its record is only a dead letter.

And of kept bytes that somebody has damaged or moved: that letter has no end, and the log names it.
"""
_RAISED: Final = re.compile(
    r"""(?:raise (?:Invalid|DocumentFailed)|super\(\)\.__init__)\((?:"([a-z-]+)"|([A-Z_]+))\)"""
)
_NAMED: Final = {"EXPIRED": EXPIRED, "DEAD_ADDRESS": DEAD_ADDRESS}


def test_every_reason_is_explained_to_the_desk_by_mail_and_on_the_dashboard() -> None:
    """The dashboard knew one of seventeen reasons; a clerk read 「bad-terms」 and not what to do.

    What an operator can mend is no mail: without the product there is no text for one.
    """
    assert set(REASONS) == (KNOWN - MAY_BE_MADE_LATER) | set(get_args(NotRepeated))
    assert set(NOT_MADE) == KNOWN
    assert set(NOT_REPEATED) == set(get_args(NotRepeated))


def test_every_reason_why_a_letter_came_back_is_explained_on_both_sides() -> None:
    assert set(BY_MAIL) == set(ON_THE_DASHBOARD) == set(get_args(BounceReason))


def test_every_word_that_can_end_a_letter_is_in_the_published_language() -> None:
    """`document-too-slow` was raised, and stood in no list."""
    sources = [*(REPOSITORY / "services/notify").rglob("*.py"), *(REPOSITORY / "shared/runtime").glob("[pt]*s*.py")]
    found = [match[1] or _NAMED[match[2]] for path in sources for match in _RAISED.finditer(path.read_text())]
    raised = {BUG, *found} - {"too-large"}

    assert raised - _NO_CASE == KNOWN
