"""Moments as commands show them: in Japanese time, to the second."""

from datetime import datetime

from shared.clock import JST


def in_japan(moment: datetime) -> str:
    """`2026-11-27 14:05:09`."""
    return f"{moment.astimezone(JST):%Y-%m-%d %H:%M:%S}"


def iso(moment: datetime) -> str:
    """`2026-11-27T14:05:09+09:00`, for JSON."""
    return moment.astimezone(JST).isoformat(timespec="seconds")
