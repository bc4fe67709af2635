"""A panic, as it reaches us from a library that is written in Rust; apart because several kinds of test need it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import typst

from shared.runtime.typst import Compile


class PanicException(BaseException):
    """Of the same shape as `pyo3_runtime.PanicException`, which cannot be imported: it is no `Exception`."""


def compile_that_raises(error: Callable[[], BaseException], template: str) -> Compile:
    """`typst.compile`, but it raises an *error* over the template of this name."""

    def compile_pdf(path: Path, **options: Any) -> bytes:  # noqa: ANN401  # typst's own
        if path.name == template:
            raise error()
        made: bytes = typst.compile(path, **options)
        return made

    return compile_pdf
