"""The bands of turnover by which requests are counted, and no more of a turnover may be known on a topic."""

from typing import Final

_OKU: Final = 100_000
"""1億円 in 千円."""
_BANDS: Final = (
    (1 * _OKU, "under-1oku"),
    (5 * _OKU, "1-5oku"),
    (10 * _OKU, "5-10oku"),
    (50 * _OKU, "10-50oku"),
    (100 * _OKU, "50-100oku"),
)
_LARGEST: Final = "100oku-"


def turnover_band(turnover_thousand_yen: int) -> str:
    """The band that this turnover falls into; a bound belongs to the band above it."""
    return next((band for below, band in _BANDS if turnover_thousand_yen < below), _LARGEST)
