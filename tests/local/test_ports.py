"""The ports that people type."""

import pytest

from local.children import CannotStart
from local.ports import Ports


@pytest.mark.parametrize("base", [-1, 65_534, 70_000])
def test_a_number_that_is_no_port_is_refused(base: int) -> None:
    with pytest.raises(CannotStart, match="--port-base"):
        Ports.from_base(base)
