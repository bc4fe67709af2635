"""Who wants news: what was chosen last counts, in whatever order it is read."""

from datetime import timedelta
from itertools import permutations

import pytest

from services.notify.domain.news import NewsChoice, opt_outs, standing
from tests.services.notify.builders import NOON, REQUEST_ID, a_news_choice

MAILBOX = "a" * 32
HOUR = timedelta(hours=1)
OPT_IN = a_news_choice()
OPT_OUT = a_news_choice(id="opt-out", at=NOON + HOUR, is_wanted=False, how="link")
ANEW = a_news_choice(id="second", request_id="second", at=NOON + 2 * HOUR)


@pytest.mark.parametrize(
    ("choices", "holds"),
    [
        pytest.param([], [], id="nothing was ever chosen"),
        pytest.param([OPT_IN], [OPT_IN], id="an opt-in holds"),
        pytest.param([OPT_IN, OPT_OUT], [], id="an opt-out ends it"),
        pytest.param([OPT_IN, OPT_OUT, ANEW], [ANEW], id="a later opt-in holds again, and only that one"),
        pytest.param(
            [OPT_IN, a_news_choice(id="no", at=NOON, is_wanted=False)], [], id="at the same moment: an opt-out"
        ),
        pytest.param([OPT_IN, a_news_choice(id="no", at=NOON + HOUR, is_wanted=False)], [], id="a no on a later form"),
    ],
)
def test_an_opt_in_holds_until_an_opt_out_in_whatever_order_both_are_read(
    choices: list[NewsChoice], holds: list[NewsChoice]
) -> None:
    assert {standing(order) for order in permutations(choices)} == {tuple(holds)}


def test_whoever_opts_out_ends_every_opt_in_that_holds_each_under_its_request() -> None:
    both = opt_outs([OPT_IN, ANEW], MAILBOX, NOON + 3 * HOUR)

    assert [(one.request_id, one.is_wanted, one.how) for one in both] == [
        (REQUEST_ID, False, "link"),
        ("second", False, "link"),
    ]
    assert standing([OPT_IN, ANEW, *both]) == ()


def test_an_opt_out_counts_also_where_the_clock_of_the_form_is_ahead_of_ours() -> None:
    """The receipt is read within seconds, and the two moments are of two hosts."""
    ended = opt_outs([OPT_IN], MAILBOX, NOON - timedelta(minutes=1))

    assert standing([OPT_IN, *ended]) == ()


def test_an_opt_in_that_is_on_its_way_when_somebody_opts_out_does_not_hold() -> None:
    """The event of the request is read late: by then the opt-out over a link of an earlier mail is an hour old."""
    ended = opt_outs([OPT_IN, OPT_OUT], MAILBOX, NOON + 3 * HOUR)

    assert standing([OPT_IN, OPT_OUT, *ended, ANEW]) == ()


def test_an_opt_out_is_kept_also_where_no_opt_in_is_known() -> None:
    """The ledger may have been restored from a copy of before the opt-in, which is read again."""
    ended = opt_outs([], MAILBOX, NOON + HOUR)

    assert [one.request_id for one in ended] == [""]
    assert standing([*ended, OPT_IN]) == ()


def test_a_second_press_ends_also_what_was_chosen_between_the_two() -> None:
    """The opt-in is accepted between them, and still on its way to us at the second one."""
    first = opt_outs([], MAILBOX, NOON)
    between = a_news_choice(at=NOON + timedelta(seconds=15))

    second = opt_outs(first, MAILBOX, NOON + timedelta(seconds=30))

    assert {one.id for one in first}.isdisjoint({one.id for one in second})
    assert standing([*first, *second, between]) == ()


def test_whoever_presses_the_button_for_ever_fills_no_disk() -> None:
    known, ids = [OPT_IN], set()
    for tenth in range(120):
        ended = opt_outs(known, MAILBOX, NOON + HOUR + timedelta(seconds=tenth / 10))
        known += ended
        ids |= {one.id for one in ended}

    assert len(ids) == 13
