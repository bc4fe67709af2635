"""A tariff against premiums that are known: the published ones that it is calibrated on, or anybody's own."""

from pricing.actuary.compare.comparison import ComparedPoint, Comparison, compare_points
from pricing.actuary.compare.points import Point, read_points

__all__ = ["ComparedPoint", "Comparison", "Point", "compare_points", "read_points"]
