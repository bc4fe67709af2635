"""What a section of the benchmarks returns, and how it says that something is wrong."""

Figures = dict[str, float]
"""Name of a figure → the figure. The name says the unit."""

Results = dict[str, Figures]
"""By section."""


class Missed(Exception):
    """A budget is exceeded or a promise is broken: the benchmark fails. The *figures* are kept all the same."""

    def __init__(self, what: str, figures: Figures) -> None:
        super().__init__(what)
        self.figures = figures


class Missing(Exception):
    """A program that the section needs is not installed on this machine, which is no fault of ours."""
