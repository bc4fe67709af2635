"""What ends a task or the process: no error of one record, which everything else may be.

Not in `shared.errors`: the command line reads that at each start, and asyncio takes a tenth of a second to import.
"""

import asyncio
from typing import Final

ENDS: Final = (asyncio.CancelledError, KeyboardInterrupt, SystemExit, GeneratorExit)
"""What ends a task or the process. `except ENDS: raise` comes before each `except BaseException`.

That is needed where one bad record or text must not stop the others: when a library that is written in Rust panics
(Typst, pydantic, cryptography), PyO3 raises its `PanicException`, which is no `Exception`.
"""
