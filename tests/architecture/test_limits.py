"""docs/limits.md says how much disk and memory strangers can take: its figures are those of the code."""

import re
from datetime import timedelta

import pytest

from services.intake.adapters.mongo_steps import STEPS_KEPT
from services.intake.adapters.paper_queue import KEPT_S, MOST_KEPT_BYTES, MOST_OF_CLIENT, MOST_WAITING
from services.intake.domain.draft import LIFETIME, LINK_LIFETIME, UNPASSED_LIFETIME
from services.intake.settings import Settings
from services.intake.usecases.count_step import MOST_STEPS
from services.intake.usecases.limit_drafts import MOST_DRAFTS
from services.intake.usecases.save_draft import MOST_BYTES
from services.notify.adapters.maildir import MOST_ASIDE, MOST_BYTES_ASIDE
from services.notify.entrypoints.returned_mails import KEPT_ASIDE_FOR
from shared.sliding_window import EVENTS_EACH, MOST_KEYS
from tests.architecture.repository import ROOT

TEXT = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
MAILS: int = Settings.model_fields["mails_per_hour"].default
LINK_BYTES = 1_600
STEP_BYTES = 416


def row(first: str) -> str:
    """The row of the table that begins with *first*."""
    found = re.search(rf"^\| {re.escape(first)}.*$", TEXT, re.MULTILINE)
    assert found
    return found[0]


def in_gb(size: float) -> str:
    return f"{size / 1e9:.2g} GB |"


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (
            "`mitsumori_intake.drafts`",
            (
                f"{MOST_DRAFTS:,} ",
                f" {MOST_BYTES // 1_000} KB",
                f"{UNPASSED_LIFETIME // timedelta(hours=1)} hour, {LIFETIME // timedelta(hours=1)} hours",
                f"{LINK_LIFETIME.days} days",
                in_gb(MOST_DRAFTS * MOST_BYTES),
            ),
        ),
        ("`mitsumori_intake.links`", (f"{MAILS:,}", in_gb(MAILS * 24 * LINK_LIFETIME.days * LINK_BYTES))),
        (
            "`mitsumori_intake.steps`",
            (f"{MOST_STEPS:,} a day", f"{STEPS_KEPT.days} days", in_gb(MOST_STEPS * STEPS_KEPT.days * STEP_BYTES)),
        ),
        (
            "mails that came back",
            (f"{MOST_ASIDE:,} and {MOST_BYTES_ASIDE // 1_000_000} MB", f"{KEPT_ASIDE_FOR.days} days"),
        ),
        ("counters of places", (f"{MOST_KEYS:,} keys", f"{MOST_KEYS * EVENTS_EACH:,} events")),
        (
            "copies as PDF",
            (
                f"{KEPT_S / 60:.0f} minutes",
                f"{MOST_KEPT_BYTES / 1e6:.0f} MB",
                f"{MOST_WAITING} in the making",
                f"{MOST_OF_CLIENT} for one client",
            ),
        ),
    ],
)
def test_the_document_has_the_figures_of_the_code(first: str, said: tuple[str, ...]) -> None:
    """A constant said 2 GB where 46 GB were possible: an operator plans a disk by it."""
    assert [figure for figure in said if figure not in row(first)] == []
