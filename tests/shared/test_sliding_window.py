"""Counting strangers' keys costs little, however many they are."""

import tracemalloc
from datetime import timedelta
from time import perf_counter

from shared.sliding_window import SlidingWindow
from tests.services.intake.builders import NOON

HOUR = timedelta(hours=1)


def test_what_is_older_than_the_window_counts_no_more() -> None:
    window = SlidingWindow(2, HOUR)
    window.add("a", NOON)
    window.add("a", NOON + timedelta(minutes=30))

    assert window.is_full("a", NOON + timedelta(minutes=59))
    assert not window.is_full("a", NOON + HOUR)
    assert not window.is_full("b", NOON)


def test_every_event_counts_within_the_window_also_those_beyond_the_limit() -> None:
    """Two within a day, a third that is held; a fourth half a day later is the third of that day."""
    window = SlidingWindow(2, HOUR)
    for minutes in (0, 5, 50):
        window.add("a", NOON + timedelta(minutes=minutes))

    assert window.is_full("a", NOON + timedelta(minutes=62))
    assert not window.is_full("a", NOON + timedelta(minutes=65))


def test_two_hundred_thousand_keys_take_little_memory_and_no_time_and_are_gone_a_window_later() -> None:
    """Before, every key was kept for ever, and each hit walked through all of them: 90 ms with 100,000 keys."""
    window = SlidingWindow(30, HOUR)
    tracemalloc.start()
    started = perf_counter()
    for number in range(200_000):
        key, now = f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::/64", NOON + timedelta(milliseconds=number)
        window.is_full(key, now)
        window.add(key, now)
    took_ms = (perf_counter() - started) * 1000
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(window) == 100_000
    assert held < 20_000_000
    assert took_ms / 200_000 < 1
    window.is_full("another", NOON + 2 * HOUR)
    assert len(window) == 0


def test_keys_with_thousands_of_events_take_no_more_memory_than_those_with_one() -> None:
    """Only keys were counted. A neighbourhood may have 4,800 steps an hour: 100,000 of them are 15 GB, not 17 MB."""
    window = SlidingWindow(4_800, HOUR, capacity=1_000)
    tracemalloc.start()
    for number in range(20_000):
        for _ in range(2):
            window.add(f"{number % 10}", NOON + timedelta(milliseconds=number))
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    # Unbounded, 40,000 events are more than a megabyte. What other threads of the tests allocate is counted too.
    assert held < 600_000
    assert 0 < len(window) <= 10


def test_a_key_alone_may_have_as_many_events_as_its_limit() -> None:
    window = SlidingWindow(4_800, HOUR)
    for _ in range(4_800):
        window.add("busy", NOON)

    assert window.is_full("busy", NOON)


def test_when_there_are_too_many_keys_the_oldest_is_given_up_first() -> None:
    window = SlidingWindow(1, HOUR, capacity=2)
    for key in ("a", "b", "c"):
        window.add(key, NOON)

    assert [window.is_full(key, NOON) for key in ("a", "b", "c")] == [False, True, True]


def test_a_key_that_keeps_coming_does_not_keep_the_others_behind_it() -> None:
    """The queue's first key is not over; those after it are, and must go all the same."""
    window = SlidingWindow(5, HOUR)
    window.add("busy", NOON)
    for number in range(1_000):
        window.add(f"{number}", NOON)
    for minutes in range(0, 180, 10):
        window.is_full("busy", NOON + timedelta(minutes=minutes))
        window.add("busy", NOON + timedelta(minutes=minutes))

    assert len(window) == 1


def test_a_clock_that_is_put_back_leaves_nobody_full_for_hours() -> None:
    """The clock was five hours ahead, and was put right: a place stayed full until it was there again."""
    window = SlidingWindow(2, HOUR)
    for _ in range(2):
        window.add("a", NOON + 5 * HOUR)

    assert window.is_full("a", NOON + 5 * HOUR)
    assert not window.is_full("a", NOON)
    assert len(window) == 0
