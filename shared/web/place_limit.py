"""One limit that counts by place and by the neighbourhood around it: for every service that strangers can ask."""

from datetime import timedelta
from typing import Final

from shared.clock import Clock
from shared.sliding_window import SlidingWindow
from shared.web.place import Place

NEIGHBOURHOOD: Final = 8
"""A neighbourhood may do as much as this many places: an office, or a provider's customers behind few addresses."""


class PlaceLimit:
    """*most* of one place within *window*. In memory: another process counts separately."""

    def __init__(self, most: int, window: timedelta, now: Clock) -> None:
        self._now = now
        self._places = SlidingWindow(most, window)
        self._neighbourhoods = SlidingWindow(most * NEIGHBOURHOOD, window)

    def allows(self, place: Place) -> bool:
        """Whether *place* and its neighbourhood are below their limits. If so, one more is counted."""
        if place.is_local:
            return True
        now = self._now()
        if self._places.is_full(place.name, now) or self._neighbourhoods.is_full(place.neighbourhood, now):
            return False
        self._places.add(place.name, now)
        self._neighbourhoods.add(place.neighbourhood, now)
        return True
