"""Links to brochures: nobody makes one but we, none holds longer than it says, and none says anything of a person."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.brochure_links import FOLDER, BrochureLink, BrochureLinks, link_to

VERSION = "5b" * 10
LINK = BrochureLink("cyber-security", VERSION, date(2026, 12, 25))
OLD, NEW = bytes(range(32)), bytes(range(1, 33))
LINKS = BrochureLinks("https://form.agency.example", {"notify-1": OLD, "notify-2": NEW})
PATH = LINKS.url(LINK).removeprefix(f"{LINKS.address}/{FOLDER}/")
PRODUCT, DAY, _, TAG = PATH.split("/")


def test_a_link_is_read_as_it_was_made() -> None:
    assert LINKS.read(PATH) == LINK
    assert LINKS.url(LINK) == f"https://form.agency.example/brochures/cyber-security/20261225/{VERSION}/{TAG}"


@pytest.mark.parametrize("place", range(len(PATH)))
def test_a_link_with_one_character_changed_is_none_of_ours(place: int) -> None:
    other = "1" if PATH[place] == "0" else "0"

    assert LINKS.read(PATH[:place] + other + PATH[place + 1 :]) is None


@given(st.text())
def test_no_text_that_somebody_makes_up_is_a_link_or_does_harm(text: str) -> None:
    assert LINKS.read(text) is None


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(f"other/{DAY}/{VERSION}/{TAG}", id="another product"),
        pytest.param(f"{PRODUCT}/20271225/{VERSION}/{TAG}", id="another day"),
        pytest.param(f"{PRODUCT}/{DAY}/{'0' * 20}/{TAG}", id="another brochure"),
        pytest.param(f"{PRODUCT}/{DAY}/{VERSION}/{'0' * 20}", id="no tag of ours"),
        pytest.param(f"{PRODUCT}/{DAY}/{VERSION}/{TAG[:-1]}", id="a shorter tag"),
        pytest.param(f"{PRODUCT}/{DAY}/{VERSION}/", id="no tag"),
        pytest.param(f"{PRODUCT}/{DAY}/{VERSION}/{TAG}/", id="a slash more"),
        pytest.param(f"{PRODUCT}/{DAY}/{VERSION}/{TAG}\n", id="a line end more"),
        pytest.param(f"{PRODUCT}/{DAY}/{VERSION}/{TAG.upper()}", id="capitals"),
        pytest.param(f"{PRODUCT}/{DAY}/{VERSION}//{TAG}", id="an empty part"),
        pytest.param(f"./{PATH}", id="from here"),
        pytest.param(f"x/../{PATH}", id="and back"),
        pytest.param(f"../../etc/passwd/{DAY}/{VERSION}/{TAG}", id="out of the folder"),
        pytest.param(f"{PRODUCT}\x00/{DAY}/{VERSION}/{TAG}", id="a zero byte"),
        pytest.param(f"{PRODUCT}/２０２６１２２５/{VERSION}/{TAG}", id="digits of full width"),
        pytest.param(f"{PRODUCT}/20261399/{VERSION}/{TAG}", id="a day that does not exist"),
        pytest.param("", id="nothing"),
        pytest.param("a" * 100_000, id="much"),
    ],
)
def test_whatever_we_have_not_made_is_no_link(path: str) -> None:
    assert LINKS.read(path) is None


def test_a_link_of_before_a_change_of_keys_still_holds() -> None:
    before = BrochureLinks(LINKS.address, {"notify-1": OLD})

    assert LINKS.read(before.url(LINK).removeprefix(f"{LINKS.address}/{FOLDER}/")) == LINK
    assert before.read(PATH) is None


def test_a_link_holds_to_the_end_of_its_last_day_in_japan() -> None:
    midnight = datetime(2026, 12, 25, 15, 0, tzinfo=UTC)

    assert not LINK.is_over(midnight - timedelta(seconds=1))
    assert LINK.is_over(midnight)


def test_a_link_that_is_sent_just_before_midnight_in_japan_holds_for_thirty_days_more() -> None:
    sent = datetime(2026, 11, 25, 14, 59, tzinfo=UTC)

    assert link_to("cyber-security", VERSION, sent) == LINK


def test_the_keys_are_not_shown_where_the_links_are() -> None:
    assert OLD.hex() not in repr(LINKS)
    assert "keys" not in repr(LINKS)
